"""The pages of what is presented and decided, and the paper; how often they ask the database."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tests import factories
from tests.test_queries import MOST
from tests.wellbeing.apv_cast import amo_of, assess, find, leader_of, make_apv, propose
from tests.wellbeing.test_apv_pages import asks, browser, to
from wellbeing import presented
from wellbeing.models import Decision, Guidepost, Presentation

pytestmark = pytest.mark.usefixtures("monday")

TODAY = "2026-11-09"


@pytest.fixture
def apv(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    guidepost = Guidepost.objects.word(
        organisation, apv.unit, wording="Vi siger fra i tide.", theme="support"
    )
    apv.add_theme(guidepost=guidepost)
    finding = find(apv, "Vagttelefonen ligger hos lederen")
    assess(finding)
    propose(finding, "Telefonen går på skift")
    return apv


def present(apv, to_whom="Direktionen") -> Presentation:
    said = "Vi kan mere sammen."
    return Presentation.objects.present(leader_of(apv), to_whom, timezone.localdate(), said, apv)


def read(client, url) -> str:
    return client.get(url).content.decode()


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_from_the_apv_to_the_decision_and_what_became_of_it(apv, monday):
    leader, senior = browser(leader_of(apv)), browser(apv.senior_manager)
    new = f"{reverse('wellbeing:presentation_new')}?apv={apv.pk}"
    assert new in read(leader, apv.get_absolute_url())
    said = {"to_whom": "Direktionen", "presented_on": TODAY, "said": "Vi vil kunne holde til det."}
    page = leader.post(new, said, follow=True).content.decode()
    for words in ["Forelagt for Direktionen", said["said"], "Vi siger fra i tide.", "Det slider"]:
        assert words in page
    asked = page.partition("Det beder vi om")[2].partition("</section>")[0]
    assert "Telefonen går på skift. Karen Bro, senest den 1. december 2026." in words_of(asked)

    one = Presentation.objects.get()
    decide = f"{reverse('wellbeing:decision_new')}?presentation={one.pk}"
    assert decide in read(senior, one.get_absolute_url())
    assert decide not in page
    form = senior.get(decide).context["form"]
    assert form.initial["guideposts"] == [one.guideposts.get().pk]
    decided = {
        "what": "Alle ledere skal gennem coachuddannelsen",
        "why": "Det er sådan, vi kan holde til det.",
        "guideposts": [one.guideposts.get().pk],
        "decided_on": TODAY,
        "follow_up_on": "",
        "unit": apv.unit.pk,
    }
    for _ in range(2):
        senior.post(decide, decided)
    decision = Decision.objects.get()
    page = words_of(read(leader, decision.get_absolute_url()))
    assert "besluttet den 9. november 2026 af Birgitte Aagaard" in page
    assert "Vi siger fra i tide." in page
    assert "Forelagt for Direktionen" in page
    assert "kommer igen den 9. februar 2027" in page

    waiting = reverse("meetings:waiting")
    assert decided["what"] not in read(senior, waiting)
    monday.shift(timedelta(days=100))
    senior = browser(apv.senior_manager)
    assert decided["what"] in read(senior, waiting)
    assert decided["what"] not in read(browser(leader_of(apv)), waiting)
    senior.post(to("decision_follow_up", decision), {"words": "Otte er igennem."})
    assert decided["what"] not in read(senior, waiting)
    assert "Otte er igennem." in read(browser(leader_of(apv)), reverse("wellbeing:decisions"))


def test_bad_input_is_said_kindly_and_kept(apv):
    senior = browser(apv.senior_manager)
    sent = {
        "what": "Karen Bro skal på kursus",
        "decided_on": "2026-11-10",
        "follow_up_on": "2026-11-01",
        "unit": apv.unit.pk,
    }
    answer = senior.post(reverse("wellbeing:decision_new"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Karen Bro skal på kursus</textarea>" in page
    assert "endnu" in page
    assert "er navnet på en her" in page
    assert not Decision.objects.exists()
    senior.post(
        reverse("wellbeing:decision_new"),
        sent | {"decided_on": TODAY, "follow_up_on": "", "sure": "1"},
    )
    decision = Decision.objects.get()
    for name, sent in [
        ("decision_follow_up", {"words": "Godt", "again_on": TODAY}),
        ("decision_withdrawal", {"withdrawal-why": ""}),
    ]:
        assert senior.post(to(name, decision), sent).status_code == 422
    for bad in ("x", "0", "9" * 30):
        assert (
            senior.get(f"{reverse('wellbeing:decision_new')}?presentation={bad}").status_code == 404
        )


def test_put_right_while_fresh_then_withdrawn_and_what_stands_on_it_says_so(apv):
    one = present(apv)
    decision = Decision.objects.decide(apv.senior_manager, "Alle leder med", presentation=one)
    senior, amo = browser(apv.senior_manager), browser(amo_of(apv))
    senior.post(to("decision_correction", decision), {"what": "Alle ledere er med", "why": ""})
    page = words_of(read(senior, decision.get_absolute_url()))
    assert "rettet; før stod der: Alle leder med · Birgitte Aagaard" in page
    # perhaps it named somebody: that it was put right is everybody's, what stood there is not
    page = words_of(read(amo, decision.get_absolute_url()))
    assert ("rettet · Birgitte Aagaard" in page, "Alle leder med" in page) == (True, False)
    senior.post(to("decision_withdrawal", decision), {"withdrawal-why": "Budgettet faldt"})
    assert "Trukket tilbage den 9. november 2026" in read(amo, decision.get_absolute_url())
    assert "Budgettet faldt" in read(amo, reverse("wellbeing:decisions"))
    for page in (one.get_absolute_url(), reverse("wellbeing:presentations")):
        assert "trukket tilbage" in words_of(read(amo, page))


def test_put_together_anew_until_the_day_is_over(apv, monday):
    one, leader = present(apv), browser(leader_of(apv))
    assess(find(apv, "Vi er for få om natten"))
    assert "for få om natten" not in read(leader, one.get_absolute_url())
    sent = {"to_whom": "MED", "presented_on": TODAY, "said": ""}
    page = leader.post(to("presentation_correction", one), sent, follow=True).content.decode()
    assert "Forelagt for MED" in page
    assert "for få om natten" in page
    monday.shift(timedelta(days=1))
    leader = browser(leader_of(apv))
    assert to("presentation_correction", one) not in read(leader, one.get_absolute_url())
    late = leader.post(to("presentation_correction", one), sent | {"to_whom": "Alle"}, follow=True)
    assert "står, som det var" in late.content.decode()


def test_the_secretariat_writes_down_what_others_decided(apv, secretariat):
    lone = browser(secretariat)
    sent = {"what": "Vi prøver", "decided_on": TODAY, "unit": "", "decided_by": "Birgitte Aagaard"}
    lone.post(reverse("wellbeing:decision_new"), sent)
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.unit) == (apv.senior_manager, None)
    assert decision.events.get().by == secretariat
    lone.post(reverse("wellbeing:presentation_new"), {"to_whom": "Alle", "presented_on": TODAY})
    refused = lone.post(reverse("wellbeing:presentation_new"), {"to_whom": ""})
    assert refused.status_code == 422


# ---- on paper


@pytest.mark.parametrize(
    ("language", "title", "asked"),
    [
        ("da", "Forelagt for Direktionen", "Det beder vi om"),
        ("en", "Presented to Direktionen", "What we ask for"),
    ],
)
def test_the_paper_is_tagged_titled_and_can_be_read_out(apv, language, title, asked):
    one, client = present(apv), browser(leader_of(apv))
    answer = client.get(to("presentation_paper", one), {"language": language})
    assert answer["Content-Type"] == "application/pdf"
    paper = PdfReader(BytesIO(answer.content))
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == language
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert paper.metadata.title.startswith(f"{title}, ")
    words = read_out(paper)
    for said in [title, asked, one.said, "Vi siger fra i tide.", "Telefonen går på skift"]:
        assert said in words


def test_words_reach_the_paper_as_words_and_a_bare_one_is_a_sheet_too(apv, secretariat):
    said = 'Vi #spørger *før* "vi" svarer \\ æøå'
    today = timezone.localdate()
    bare = Presentation.objects.present(secretariat, said, today, said, unit=apv.unit)
    paper = PdfReader(BytesIO(presented.paper(bare, "da")))
    assert read_out(paper).count(said) == 2  # to whom, and in a sentence
    assert len(paper.pages) == 1


def test_who_leaves_is_gone_from_what_was_presented(apv):
    one = present(apv)
    who, client = leader_of(apv), browser(apv.senior_manager)
    assert "Karen Bro" in read(client, one.get_absolute_url())
    who.leave()
    assert "Karen Bro" not in read(client, one.get_absolute_url())


def read_out(paper) -> str:
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


# ---- how often


def test_as_many_queries_with_one_of_each_as_with_many(apv, secretariat):
    one = present(apv)
    decision = Decision.objects.decide(
        apv.senior_manager, "Vi prøver", presentation=one, unit=apv.unit
    )
    decision.guideposts.set(one.guideposts.all())
    present(apv, "MED")
    names = ("presentations", "decisions", "decision_new", "presentation_new")
    urls = [reverse(f"wellbeing:{name}") for name in names]
    urls += [decision.get_absolute_url(), to("decision_correction", decision)]
    urls += [one.get_absolute_url(), to("presentation_correction", one)]
    urls += [f"{urls[2]}?presentation={one.pk}", f"{urls[3]}?apv={apv.pk}"]
    urls += [apv.get_absolute_url(), reverse("meetings:waiting"), reverse("wellbeing:guideposts")]
    clients = {person.pk: browser(person) for person in (apv.senior_manager, secretariat)}
    count = lambda: {  # noqa: E731
        (who, url): len(asks(client, url)) for who, client in clients.items() for url in urls
    }
    before = count()
    for number in range(12):
        finding = find(apv, f"Fund {number}")
        assess(finding)
        who = factories.make_user(apv.organisation, unit=leader_of(apv).unit)
        finding.propose(f"Handling {number}", who, apv.begun_on, "Ro", who)
        present(apv, f"Udvalg {number}")
        guidepost = Guidepost.objects.create(
            organisation=apv.organisation, wording=f"Pejlemærke {number}", theme="support"
        )
        decision.guideposts.add(guidepost)
        for what in (f"Så {number}", f"Også {number}"):
            Decision.objects.decide(apv.senior_manager, what, presentation=one, unit=apv.unit)
        decision.follow_up(f"Sådan {number}", secretariat)
    one.correct(to_whom="Direktionen", presented_on=one.presented_on, said="")
    assert count() == before
    assert {url: count for url, count in before.items() if count > MOST} == {}
