"""The tool shelf: two from the first day, links and files, offered by theme."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from tests import factories
from tests.factories import PDF
from wellbeing.models import Guidepost, Tool, ToolFile

SAID = {"title": "Vores hæfte", "about": "Godt at læse to og to.", "themes": ["support"]}


@pytest.fixture
def lone(client, secretariat):
    client.force_login(secretariat)
    return client


def put_up(client, file=None, **values):
    sent = SAID | {"step": "peers"} | values | ({"file": file} if file else {})
    return client.post("/tools/", sent, follow=True)


def pdf(data: bytes = PDF, name: str = "hæfte.pdf"):
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def own() -> list[str]:
    return [str(tool) for tool in Tool.objects.exclude(organisation=None)]


def test_two_stand_there_from_the_first_day_in_both_languages(db, leader):
    call_command("migrate", verbosity=0)
    with translation.override("da"):
        shelf = Tool.objects.visible_to(leader).order_by("key")
        assert [str(tool) for tool in shelf] == ["Coaching for ledere", "Trivsel i lederrollen"]
    with translation.override("en"):
        assert [str(tool) for tool in shelf][1] == "Wellbeing in the leader role"
    assert all(tool.link.startswith("https://") for tool in shelf)


def test_a_file_is_fetched_to_keep_and_never_run(lone, outsider):
    assert "Vores hæfte" in put_up(lone, pdf()).content.decode()
    tool = Tool.objects.exclude(organisation=None).get()
    answer = lone.get(f"/tools/{tool.pk}/file/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    neighbour = Client()
    neighbour.force_login(outsider)
    assert neighbour.get(f"/tools/{tool.pk}/file/").status_code == 404


@pytest.mark.parametrize(
    "data",
    [b"<html><script>alert(1)</script>", b"%PDF-1.7 and then nothing", b"MZ\x90\x00%PDF-", b"PK"],
    ids=["page", "cut off", "program", "archive"],
)
def test_a_file_that_pretends_to_be_a_pdf_is_refused_kindly(lone, data):
    response = put_up(lone, pdf(data))
    assert response.status_code == 422
    seen = response.content.decode()
    assert "Det er ikke en PDF, uanset hvad den hedder." in seen
    assert "Godt at læse to og to.</textarea>" in seen
    assert (own(), ToolFile.objects.count()) == ([], 0)


def test_twenty_megabytes_and_no_more(lone):
    big = PDF[:9] + b" " * (20 * 2**20 - len(PDF)) + PDF[9:]
    assert put_up(lone, pdf(big)).status_code == 200
    assert own() == ["Vores hæfte"]
    for more in (1, 2**21):
        response = put_up(lone, pdf(big + b" " * more), title="For stor")
        assert "Filen er større end 20 MB." in response.content.decode()
    assert own() == ["Vores hæfte"]


def test_a_tool_without_link_or_file_says_what_is_missing(lone):
    response = put_up(lone)
    assert "Sig, hvor det findes: et link eller en PDF." in response.content.decode()
    assert "Her mangler der noget." not in response.content.decode()


def test_a_link_leads_to_the_web_and_nowhere_else(lone):
    for wrong in ("javascript:alert(1)", "data:text/html,hej", "ftp"):
        assert put_up(lone, link=wrong).status_code == 422
    assert own() == []
    assert put_up(lone, link="example.org/tool").status_code == 200


def test_found_by_theme_and_step_and_offered_where_it_fits(lone, organisation):
    put_up(lone, link="https://example.org/", themes=["safety"], step="manager")
    seen = lone.get("/tools/", {"theme": "safety", "step": "manager"}).content.decode()
    assert ("Vores hæfte" in seen, "Trivsel i lederrollen" in seen) == (True, False)
    offered = lone.get("/tools/fitting/", {"theme": "safety"}).content.decode()
    assert offered.index("Vores hæfte") < offered.index("Coaching for ledere")  # made for it alone
    assert lone.get("/tools/fitting/", {"theme": "nonsense"}).content.decode().strip() == ""


def test_what_concerns_the_same_people_is_offered_first(secretariat):
    put = {"about": "-", "link": "https://example.org/", "themes": ["growth"]}
    Tool.objects.put_up(secretariat, title="Til netværket", step="network", **put)
    Tool.objects.put_up(secretariat, title="Til ledergruppen", step="peers", **put)
    fitting = Tool.objects.visible_to(secretariat).fitting
    several = [str(tool) for tool in fitting(["growth", "influence", "nonsense"], "peers")]
    assert several[:2] == ["Til ledergruppen", "Til netværket"]
    assert len(several) == 4  # both that are there from the first day, by one theme each
    assert [str(tool) for tool in fitting([], "peers")] == ["Til ledergruppen"]


@pytest.mark.usefixtures("monday")
def test_a_leader_meeting_asks_for_what_fits_its_questions(client, leader, team):
    """Quietly, once the page is there; a network group is left in peace."""
    meeting = factories.make_meeting(team, factories.in_days(4))
    meeting.invite_proposals()
    guidepost = Guidepost.objects.word(team.organisation, wording="Vi tør", theme="growth")
    meeting.propose("Hvad lader vi ligge?", by=leader, guidepost=guidepost)
    meeting.propose("Hvem griber?", by=leader).touch_on(theme="safety")
    client.force_login(leader)
    page = client.get(meeting.get_absolute_url()).content.decode()
    (asked,) = re.findall(r'hx-get="(/tools/fitting/[^"]*)"', page)
    assert asked == "/tools/fitting/?step=peers&amp;theme=growth&amp;theme=safety"
    assert "Coaching for ledere" in client.get(html.unescape(asked)).content.decode()
    assert 'href="/tools/"' in page  # without JavaScript
    quiet = factories.make_meeting(factories.make_group(team.organisation, [leader]))
    assert "/tools/fitting/" not in client.get(quiet.get_absolute_url()).content.decode()


def test_taken_off_the_shelf(lone):
    put_up(lone, link="https://example.org/")
    tool = Tool.objects.exclude(organisation=None).get()
    assert (
        "Vores hæfte"
        not in lone.post(f"/tools/{tool.pk}/retirement/", follow=True).content.decode()
    )
    starter = Tool.objects.get(key="coaching-for-leaders")
    assert lone.post(f"/tools/{starter.pk}/retirement/").status_code == 404


def test_no_file_is_read_to_show_the_shelf(secretariat):
    tool = Tool.objects.put_up(secretariat, title="x", about="-", themes=["growth"], file=pdf())
    shown = Tool.objects.in_order().get(pk=tool.pk)
    assert "data" in shown.file.get_deferred_fields()
