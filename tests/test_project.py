"""What holds for the whole house: migrations, policy, templates, mails, health."""

import ast
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from config import health
from meetings.models import DateSearch, Invitation, Meeting, ParkedItem, Sparring, TenMinutes
from networks.models import Concern, JoinRequest, Membership, Pause, Seat, User
from notifications import kinds
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests import access_table as table
from tests.cast import SECRET_OF_THE_NETWORK, SECRET_OF_THE_TEAM, make_house
from tests.factories import make_meeting, make_open_meeting
from wellbeing.models import DayInvitation, Enrolment

pytestmark = pytest.mark.usefixtures("monday")

TEMPLATES = settings.BASE_DIR / "templates"
POLICY = "default-src 'self'"


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.parametrize(
    "path",
    [p.relative_to(TEMPLATES) for p in sorted(TEMPLATES.rglob("*.*"))],
    ids=str,
)
def test_every_template_compiles(path):
    get_template(str(path))


# ---- the policy: our own files only, nothing inline


def test_every_kind_of_answer_carries_the_policy(client, team, leader):
    meeting = make_open_meeting(team)
    questions = reverse("meetings:questions", args=[meeting.pk])
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(leader)
    answers = {
        "signed out": client.get("/"),
        "sign-in": client.get("/accounts/login/"),
        "health": client.get("/healthz"),
        "ready": client.get("/readyz"),
        "metrics": client.get("/metrics"),
        "admin": client.get("/admin/"),
        "static": client.get("/static/css/base.css"),
    }
    client.force_login(leader)
    htmx = {"hx_request": "true"}
    answers |= {
        "page": client.get("/"),
        "redirect": client.post(questions, {"question": "Hvad nu?"}),
        "fragment": client.post(questions, {"question": "Og så?"}, headers=htmx),
        "invalid": client.post(questions, {"question": ""}),
        "invalid fragment": client.post(questions, {"question": ""}, headers=htmx),
        "not allowed": client.get(reverse("office")),
        "not found": client.get("/meetings/0/"),
        "no such url": client.get("/nothing/here/"),
        "wrong method": client.get(questions),
        "old page": strict.post(questions, {"question": "Hvad nu?"}),
    }
    client.raise_request_exception = False
    health_was, health.oldest_due_seconds = health.oldest_due_seconds, lambda: 1 / 0
    try:
        answers["our mistake"] = client.get("/readyz")
    finally:
        health.oldest_due_seconds = health_was
    answers["static"].close()
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert set(statuses.values()) == {200, 302, 403, 404, 405, 422, 500}
    unguarded = {
        name
        for name, answer in answers.items()
        if not answer.headers.get("Content-Security-Policy", "").startswith(POLICY)
    }
    assert unguarded == set()
    assert "unsafe" not in "".join(
        a.headers.get("Content-Security-Policy", "") for a in [*answers.values()]
    )
    for answer in answers.values():
        assert answer.headers.get("X-Frame-Options", "DENY") == "DENY"


class Inline(HTMLParser):
    """Collects what the policy would block, or what would have to be allowed."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"{tag} {name}")
            if (value or "").strip().lower().startswith(("javascript:", "js:")):
                self.found.append(f"{tag} {name}={value}")
            pressed = tag == "a" and names.get("rel") == "noreferrer"  # loads nothing by itself
            elsewhere = re.match(r"https?:|//", value or "") and not pressed
            if name in ("src", "href", "action") and elsewhere:
                self.found.append(f"{tag} {name}={value}")


def inline(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found


def test_the_parser_would_find_it():
    bad = '<p style="x" onclick="y"><script>z</script><a href="javascript:1"><img src="//e.x/i">'
    assert inline(bad) == [
        "p style",
        "p onclick",
        "script",
        "a href=javascript:1",
        "img src=//e.x/i",
    ]


def test_no_page_holds_inline_script_or_style_or_anything_from_elsewhere(db):
    house, seen = make_house(), 0
    for row in table.TABLE:
        if row.method == "GET" and not row.url.startswith("demo:"):
            url = reverse(row.url, args=[house.pk(row.thing)] if row.thing else [])
            for role in [role for role, gets in row.gets.items() if gets == table.SEES][:1]:
                response = house.client(role).get(url)
                assert response.status_code == 200
                if response["Content-Type"].startswith("text/html"):  # no paper, no workbook
                    assert (url, inline(response.content.decode())) == (url, [])
                seen += 1
    assert seen > 20
    for path in ("/", "/nothing/", "/office/", "/demo/mail/"):
        page = house.client("member").get(path).content.decode()
        assert (path, inline(page)) == (path, [])
    our_mistake = get_template("500.html").render({})
    assert inline(our_mistake) == []


# ---- the mails


@pytest.mark.parametrize("room", ["team", "network"])
def test_every_mail_in_both_languages_as_text_and_as_page(db, room):
    house = make_house()
    member, meeting = house.people["member"], house.things[f"{room} meeting"]
    season = house.things[f"{room} season"]
    type(season.group).objects.filter(pk=season.group_id).update(opening_words="Nu begynder vi")
    _told_of(season, member)
    meeting.move(meeting.starts_at + timedelta(days=1), by=house.people["manager"])
    later = house.things[f"{room} meeting with its agenda"]
    for name in sorted(kinds._kinds):
        for language in ("da", "en"):
            message = written(kinds.get(name), later, member, language)
            assert_fit_to_send(message, language)
            assert settings.SITE_URL in message.text
            if room == "network":
                assert SECRET_OF_THE_NETWORK not in str(vars(message))
            elif name == "meetings.agenda":
                assert SECRET_OF_THE_TEAM in message.text
                assert SECRET_OF_THE_TEAM in message.html
    season.invitations.update(ended_at=timezone.now())
    for language in ("da", "en"):
        assert_fit_to_send(
            written(kinds.get("meetings.changed"), later, member, language), language
        )


def _told_of(season, person) -> None:
    """As if the invitation had gone out."""
    kind = kinds.get("meetings.invited")
    invitation = kind.subjects().get(series=season, user=person)
    kind.before(None, invitation)
    kind.sent(None, invitation)


def written(kind, meeting, person, language) -> kinds.Message:
    found = kind.subjects()
    which = {
        Meeting: {"pk": meeting.pk},
        Invitation: {"series": meeting.series, "user": person},
        Concern: {"group__name": "Fyret"},
        DayInvitation: {"person": person},
        Enrolment: {"offered__isnull": False},
        DateSearch: {"group__name": "Fyret"},
        JoinRequest: {"group__name": "Fyret"},
        Membership: {"group__name": "Fyret", "user": person},
        Pause: {"group__name": "Fyret"},
        ParkedItem: {"group": meeting.group},
        Sparring: {"group__name": "Fyret", "state": "closed"},
        TenMinutes: {"group__name": "Fyret"},
        Seat: {"composition__shared_at__isnull": False, "user": person},
        User: {"pk": person.pk},
    }
    subject = found.get(**which[found.model])
    delivery = Delivery(
        kind=kind.name, subject_id=subject.pk, version="0", recipient=person, due_at=timezone.now()
    )
    with translation.override(language):
        return kind.message(delivery, subject)


def assert_fit_to_send(message, language):
    assert message.subject
    assert "\n" not in message.subject
    assert len(message.subject) < 100
    for part in (message.subject, message.text, message.html):
        assert "{{" not in part
        assert "{%" not in part
        assert "None" not in part
    for link in re.findall(rf"{settings.SITE_URL}\S+", message.text):
        assert f'href="{link}"' in message.html
    assert f'<html lang="{language}"' in message.html
    seen = strip_tags(re.sub(r"(?s)<style>.*?</style>|<title>.*?</title>", "", message.html))
    for fact in (r"\d{1,2}[:.]\d\d", r"\b20\d\d\b"):
        assert set(re.findall(fact, message.text)) <= set(re.findall(fact, seen + message.subject))
    if language == "da":
        said = f"{message.subject} {message.text} {seen}"
        assert re.findall(r"(?i)\b(?:the|you|your|this|meets?|dear|with)\b", said) == []
    assert "<script" not in message.html
    assert re.findall(r'(?:src|href)="(?!http://localhost:8000/)', message.html) == []
    assert not re.search(r"&(amp|lt|gt|#x27|quot);", message.text)


SENDS = {
    "EmailMessage", "EmailMultiAlternatives", "get_connection", "mail_admins", "mail_managers",
    "mailers", "send_mail", "send_mass_mail", "send_messages", "smtplib",
}  # fmt: skip


def sends(path: Path) -> set[str]:
    """What of a file could send a mail."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {part for one in node.names for part in one.name.split(".")}
    return found & SENDS


def test_only_the_outbox_and_the_code_to_sign_in_send_mails():
    apps = ["config", "notifications", "networks", "wellbeing", "meetings"]
    found = {
        str(path.relative_to(settings.BASE_DIR)): sends(path)
        for app in apps
        for path in (settings.BASE_DIR / app).rglob("*.py")
    }
    assert {path: names for path, names in found.items() if names} == {
        "notifications/delivery.py": {"mailers", "send_messages", "smtplib"},
        "notifications/letter.py": {"EmailMultiAlternatives"},  # is what it hands over
        "notifications/mailbox.py": {"EmailMessage"},  # keeps the demo’s
        "networks/sign_in.py": {"send_mail"},  # allauth's
    }


# ---- health


def test_alive_and_ready(client, db):
    assert client.get("/healthz").content == b"ok\n"
    ready = client.get("/readyz").json()
    assert (ready["database"], ready["broker"]) == (True, True)
    assert ready["oldest_due_seconds"] == 0


def test_without_its_broker_it_is_ready_all_the_same(client, db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["broker"] is False


def test_only_without_the_database_it_is_not_ready(client, db, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(health, "oldest_due_seconds", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False})


def test_the_figures_name_nobody(client, db):
    house = make_house()
    text = client.get("/metrics").content.decode()
    assert re.search(r'^pejling_deliveries\{state="due"\} [1-9]', text, re.MULTILINE)
    assert re.search(r"^pejling_broker_up 1$", text, re.MULTILINE)
    for person in house.people.values():
        assert person.name not in text
        assert person.email not in text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    label = r'\w+="[\w.]+"'
    line_of_text = rf"\w+(\{{{label}(,{label})*\}})? [\d.]+"
    assert [line for line in lines if not re.fullmatch(line_of_text, line)] == []


def test_the_figures_say_how_long_mails_lay_here(client, organisation, leader, team, monday):
    def figures() -> dict[str, str]:
        lines = client.get("/metrics").content.decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    dwell = 'pejling_dwell_seconds{quantile="%s"}'
    assert figures()[dwell % "1"] == "0.000"
    make_meeting(team)
    Delivery.objects.update(due_at=timezone.now())
    monday.shift(timedelta(seconds=90))
    waiting = figures()
    kind = 'pejling_deliveries_by_kind{kind="meetings.invited",state="%s"}'
    assert (waiting[kind % "due"], waiting["pejling_oldest_due_seconds"]) == ("5", "90.0")
    deliver_due()
    sent = figures()
    assert (sent[kind % "sent"], sent["pejling_sent_last_hour"]) == ("5", "5")
    assert {sent[dwell % part] for part in ("0.5", "0.99", "1")} == {"90.000"}
    assert sent["pejling_oldest_due_seconds"] == "0.0"
    monday.shift(timedelta(hours=2))
    assert figures()["pejling_sent_last_hour"] == "0"


def test_nothing_of_ours_lies_on_the_internet():
    """No address of a foreign server in what a browser loads."""
    for path in [*Path("static").rglob("*.css"), *Path("static").rglob("*.js")]:
        text = path.read_text().replace("http://www.w3.org", "")
        assert (path, re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text)) == (path, [])
