"""Canaries: what is said in a network group is looked for everywhere it must not be.

Each has words of its own: the question, the help that isn't wanted, what became of it, the notes.
Where the secretariat, the senior manager and everybody else come in general: test_access.py.
"""

import logging

import pytest
from celery.signals import task_prerun
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Case, Feed, Part, Sparring
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from tests import access_table as table
from tests.cast import make_house
from tests.test_access import address

QUESTION, LIMIT = "KANARIE-SPØRGSMÅL", "KANARIE-IKKE-RÅD"
NOTES, OUTCOME = "KANARIE-NOTER", "KANARIE-UDFALD"
CANARIES = {QUESTION, LIMIT, NOTES, OUTCOME}
IN_ROOM = ["asker", "member", "facilitator"]


@pytest.fixture
def house(db, monday):
    house = make_house()
    Sparring.objects.under_way().get().let_lie(timezone.now())
    Case.objects.waiting().delete()
    return house


@pytest.fixture
def said(house, monday, caplog, django_capture_on_commit_callbacks):
    """A whole talk over HTTP, by `asker`; what was logged and rung meanwhile."""
    meeting = house.things["network meeting"]
    monday.move_to(meeting.starts_at)
    tasks = []

    def note(args=None, kwargs=None, **_rest):
        tasks.append(f"{args} {kwargs}")

    task_prerun.connect(note)
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        talk_it_over(house, meeting)
    task_prerun.disconnect(note)
    house.things["talk"] = Sparring.objects.get(case__question=QUESTION)
    house.things["logged"], house.things["tasks"] = caplog.text, tasks
    return house


def talk_it_over(house, meeting) -> None:
    network, asker = house.things["network"], house.people["asker"]
    client, htmx = house.client("asker"), {"hx_request": "true"}

    def post(name, pk, data=None, **headers):
        response = client.post(reverse(f"meetings:{name}", args=[pk]), data or {}, headers=headers)
        assert response.status_code in (200, 302), (name, response.content)

    brought = {"question": QUESTION, "wants": "test", "not_wanted": LIMIT}
    post("cases", network.pk, brought)
    post("cases", network.pk, brought, **htmx)  # again: it stands there already
    reconcile()
    talk = Sparring.objects.prepare(meeting, by=asker, as_host=True)
    post("part", talk.pk, {"role": Part.Role.FOCUS, "answer": "yes"})
    post("talk_start", talk.pk)
    post("notes", talk.pk, {"notes": NOTES}, **htmx)
    post("talk_clock", talk.pk, {"move": "next", "since": "0"})
    post("talk_close", talk.pk, {"asks_again": "1"})
    post("outcome", talk.pk, {"outcome": OUTCOME})
    client.post(reverse("meetings:notes", args=[talk.pk]), {"notes": NOTES + "å" * 10_000})
    client.post(reverse("meetings:cases", args=[network.pk]), {"question": QUESTION + "å" * 500})


def everything(house, role, **headers) -> dict[str, str]:
    """Whatever that person can open, pages and fragments."""
    client, found = house.client(role), {}
    urls = [
        reverse(f"meetings:{name}", args=[house.pk(thing)])
        for name, thing in [
            ("cases", "network"),
            ("talks", "network meeting"),
            ("talks", "network meeting with its agenda"),
            ("sparring", "talk"),
            ("notes", "talk"),
            ("detail", "network meeting"),
            ("ten_minutes", "network"),
        ]
    ]
    urls += [address(house, row) for row in table.TABLE if row.method == "GET"]
    for url in dict.fromkeys(urls):
        response = client.get(url, headers=headers)
        if response.status_code == 200 and not response.streaming:
            found[url] = response.content.decode(errors="replace")
    return found


def canaries_in(text: str) -> set[str]:
    return {canary for canary in CANARIES if canary in text}


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])
def test_the_members_read_it_and_nobody_else_on_any_page(said, settings, headers):
    settings.MAIL_FOLDER.mkdir(exist_ok=True)
    readers = {
        role: canaries_in("".join(everything(said, role, **headers).values()))
        for role in table.ROLES
    }
    in_room = {role: {QUESTION, OUTCOME, LIMIT} for role in IN_ROOM} | {"asker": CANARIES}
    assert readers == {role: in_room.get(role, set()) for role in table.ROLES}


def test_the_notes_stand_on_the_focus_persons_pages_only(said):
    pages = everything(said, "asker")
    talk = said.things["talk"]
    assert {url for url, html in pages.items() if NOTES in html} == {
        reverse(f"meetings:{name}", args=[talk.pk]) for name in ("notes", "sparring")
    }
    for name in ("notes", "sparring"):
        answer = said.client("asker").get(reverse(f"meetings:{name}", args=[talk.pk]))
        assert "no-store" in answer.headers["Cache-Control"]


def test_it_leaves_by_no_mail(said, monday, mailoutbox):
    for _day in range(60):
        reconcile()
        deliver_due()
        monday.shift(24 * 3600)
    assert len(mailoutbox) > 5
    assert canaries_in("".join(str(mail.message()) for mail in mailoutbox)) == set()
    words = "".join(mail.subject + mail.body for mail in mailoutbox)
    assert canaries_in(words) == set()
    assert "Dine noter bliver slettet" in words


def test_it_is_in_no_log_task_session_or_cache(said):
    assert "Unprocessable Content" in said.things["logged"]  # of what was too long
    assert canaries_in(said.things["logged"]) == set()
    assert said.things["tasks"] != []
    assert canaries_in("".join(said.things["tasks"])) == set()
    for session in Session.objects.all():
        assert canaries_in(str(session.get_decoded())) == set()
    server = cache._cache.get_client()
    for key in server.scan_iter("*"):
        if server.type(key) == b"string":
            assert canaries_in(server.get(key).decode(errors="replace")) == set()


def test_it_is_in_no_calendar_and_no_figure(said):
    _feed, token = Feed.make(said.people["asker"])
    answer = Client().get(reverse("meetings:feed", args=[token])).content.decode()
    assert "BEGIN:VEVENT" in answer
    assert canaries_in(answer) == set()
    assert canaries_in(Client().get("/metrics").content.decode()) == set()


def tables_with(words: str) -> set[str]:
    """The tables of the whole database in which these words can be read."""
    found = set()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE %s', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.add(name)
    return found


def test_where_it_lies_in_the_database_and_that_deleted_is_deleted(said, monday):
    assert tables_with(QUESTION) == tables_with(LIMIT) == {"meetings_case"}
    assert tables_with(OUTCOME) == {"meetings_sparring"}
    assert tables_with(NOTES) == set()
    monday.move_to(said.things["talk"].closed_at)
    monday.shift(91 * 24 * 3600)
    reconcile()
    reconcile()
    for canary in CANARIES:
        assert tables_with(canary) == set()


def test_who_leaves_the_group_reads_nothing_more_of_it(said):
    member = said.people["member"]
    said.things["network"].membership_of(member).leave()
    assert canaries_in("".join(everything(said, "member").values())) == set()
