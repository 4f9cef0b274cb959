"""The written APV on paper and the plan of action as a workbook, as whoever opens them does."""

from io import BytesIO

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from tests.pdf import must_be_accessible, read_out
from tests.wellbeing.apv_cast import amo_of, assess, find, leader_of, make_apv, propose
from wellbeing import written_apv
from wellbeing.models import Statement

pytestmark = pytest.mark.usefixtures("monday")

FORMULA = '=HYPERLINK("http://evil.example";"Se her")'
SOLVED, SAID = "Filt på karmen", "Sagt i fortrolighed"


@pytest.fixture
def apv(organisation, secretariat):
    """With something solved, something asked for and refused, something done, and both names."""
    apv = make_apv(organisation, secretariat, "act")
    theme, birgitte = apv.themes.first(), apv.senior_manager
    theme.apv = apv
    Statement.objects.say(theme, SAID)
    find(apv, "Døren #smækker* [hårdt]").solve_at_once(SOLVED)
    interrupted = find(apv)
    assess(interrupted)
    done, refused = propose(interrupted), propose(interrupted, FORMULA)
    done.reply("yes", "God idé", birgitte)
    done.finish()
    done.see(True, "Der er ro", leader_of(apv))
    refused.reply("not_now", "Næste år", birgitte)
    theme.cover(organisation.local_date(timezone.now()), "Ledermøde i Nord")
    for signer in (birgitte, amo_of(apv)):
        apv.sign(signer)
    return apv


ELEMENTS = {
    "da": ["Afdækning", "Sygefravær", "Handlingsplan", "Opfølgning", "egen jurist", "ikke nu"],
    "en": ["Mapping", "Sickness absence", "Plan of action", "following up", "jurist", "not now"],
}


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_paper_is_accessible_and_says_all_four_elements(apv, language):
    pdf = written_apv.paper(apv, language)
    with translation.override(language):
        title = f"{apv}, {apv.organisation}"
    must_be_accessible(pdf, language, title)
    words = "".join(read_out(pdf).split()).casefold()
    names = [apv.unit, apv.purpose, apv.senior_manager, leader_of(apv), amo_of(apv)]
    written = ["Døren #smækker* [hårdt]", SOLVED, "Det slider", "Alle fire huse", "Der er ro"]
    about = [apv.sickness_absence, "Ledermøde i Nord", "Næste år", FORMULA, *written]
    for one in [*ELEMENTS[language], *names, *about]:
        assert "".join(str(one).split()).casefold() in words, one
    assert "".join(SAID.split()).casefold() not in words


@pytest.mark.parametrize(
    ("language", "first", "answer"), [("da", "Tema", "ikke nu"), ("en", "Theme", "not now")]
)
def test_the_workbook_is_text_through_and_through(apv, language, first, answer):
    with translation.override(language):
        book = load_workbook(BytesIO(written_apv.sheet(apv)))
    rows = list(book.active.iter_rows())
    assert rows[0][0].value == first
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    refused = next(row for row in rows if row[5].value == FORMULA)
    assert refused[5].quotePrefix
    assert refused[9].value == f"{answer}: Næste år"
    done = next(row for row in rows if row[5].value == "Telefonen flyttes til vagten")
    assert done[12].value == "Der er ro"
    assert len(rows) == 3
