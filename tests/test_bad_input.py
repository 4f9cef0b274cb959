"""What people really send: too much, nothing, twice, too late, both at once.

Each gets a clear message in place or simply works; nothing doubles, what was typed stays.
"""

from datetime import date, datetime, time, timedelta
from html import escape

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, ParkedItem, Series, Support
from networks.models import Membership
from tests.factories import in_days, make_group, make_open_meeting, make_series, make_user

pytestmark = pytest.mark.usefixtures("monday")

HTMX = {"hx_request": "true"}
BOTH_DOORS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])


@pytest.fixture
def manager(team):
    return team.senior_manager


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def here(client, leader):
    client.force_login(leader)
    return client


@pytest.fixture
def planning(manager):
    client = Client()
    client.force_login(manager)
    return client


def ask(client, meeting, question, **headers):
    url = reverse("meetings:questions", args=[meeting.pk])
    return client.post(url, {"question": question}, headers=headers)


def shows(response, text: str) -> bool:
    return escape(text) in response.content.decode()


# ---- a question


@BOTH_DOORS
@pytest.mark.parametrize(
    "question", ["", "   \n ", "x" * 5000, "Hvad\x00nu?"], ids=["empty", "blank", "long", "nul"]
)
def test_a_question_that_can_not_be_comes_back_with_words_and_text(
    here, meeting, question, headers
):
    response = ask(here, meeting, question, **headers)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'id="question-error"' in html
    assert 'aria-invalid="true"' in html
    assert escape(question.strip()) in html
    assert ("<html" in html) is not bool(headers)
    assert not AgendaItem.objects.exists()


@BOTH_DOORS
@pytest.mark.parametrize(
    "question",
    [
        "<script>alert('hej')</script> & <b>fed</b>?",
        "Hvordan 👩‍👩‍👧‍👦 har vi det? 🧭",
        "كيف حالنا اليوم؟",
        "מה שלומנו? \u202etxet",
        "x" * 500,
        "'; DROP TABLE meetings_agendaitem; --",
        "{% include 'x' %} {{ request }}",
    ],
    ids=["html", "emoji", "arabic", "hebrew", "500", "sql", "template"],
)
def test_whatever_can_be_written_stands_there_as_it_was_written(here, meeting, question, headers):
    response = ask(here, meeting, question, **headers)
    assert response.status_code in (200, 302)
    assert AgendaItem.objects.get().question == question
    page = here.get(meeting.get_absolute_url())
    assert shows(page, question)
    assert "<script>alert" not in page.content.decode()
    assert '<p class="voice" dir="auto">' in page.content.decode()


def test_a_missing_field_is_an_empty_one(here, meeting):
    url = reverse("meetings:questions", args=[meeting.pk])
    assert here.post(url).status_code == 422
    assert here.post(url, headers=HTMX).status_code == 422


@BOTH_DOORS
def test_sent_twice_is_sent_once(here, meeting, headers):
    for _ in range(2):
        assert ask(here, meeting, "Hvad nu?", **headers).status_code in (200, 302)
    assert AgendaItem.objects.count() == 1


@BOTH_DOORS
def test_operations_sent_twice_are_parked_once(here, meeting, headers):
    url = reverse("meetings:questions", args=[meeting.pk])
    for _ in range(2):
        here.post(url, {"question": "Hvem har nøglen?", "operations": "1"}, headers=headers)
    assert ParkedItem.objects.count() == 1
    assert not AgendaItem.objects.exists()


@pytest.fixture
def question(meeting, leader):
    return meeting.propose("Hvornår siger vi nej?", by=leader)


@BOTH_DOORS
@pytest.mark.parametrize("words", ["", "x" * 5000, "Hvad\x00nu?"], ids=["empty", "long", "nul"])
def test_rewording_into_nothing_keeps_both_texts(here, question, words, headers):
    url = reverse("meetings:question", args=[question.pk])
    response = here.post(url, {"question": words}, headers=headers)
    assert response.status_code == 422
    html = response.content.decode()
    assert f'id="reword-{question.pk}-error"' in html
    assert escape(words) in html
    question.refresh_from_db()
    assert question.question == "Hvornår siger vi nej?"


@BOTH_DOORS
def test_rewording_into_what_one_asks_already_says_so(here, meeting, question, leader, headers):
    meeting.propose("Hvad nu?", by=leader)
    url = reverse("meetings:question", args=[question.pk])
    response = here.post(url, {"question": "Hvad nu?"}, headers=headers)
    assert response.status_code in (200, 302)
    assert AgendaItem.objects.waiting().count() == 2


@BOTH_DOORS
@pytest.mark.parametrize(
    ("url", "status"), [("withdrawal", "withdrawn"), ("parking", "parked"), ("return", "waiting")]
)
def test_every_button_on_a_question_may_be_pressed_twice(here, question, url, status, headers):
    for _ in range(2):
        response = here.post(reverse(f"meetings:{url}", args=[question.pk]), headers=headers)
        assert response.status_code in (200, 302)
    question.refresh_from_db()
    assert question.status == status
    assert ParkedItem.objects.count() == (status == "parked")


@BOTH_DOORS
@pytest.mark.parametrize("url", ["question", "withdrawal", "return"])
def test_once_the_agenda_is_set_it_stays(here, meeting, question, url, headers):
    """The page was open when the agenda closed."""
    meeting.compose_agenda()
    response = here.post(
        reverse(f"meetings:{url}", args=[question.pk]), {"question": "Nyt?"}, headers=headers
    )
    assert response.status_code in (200, 302)
    question.refresh_from_db()
    assert (question.status, question.question) == ("set", "Hvornår siger vi nej?")


@BOTH_DOORS
def test_operations_leave_an_agenda_that_is_set_too(here, meeting, question, headers):
    meeting.compose_agenda()
    for _ in range(2):
        response = here.post(reverse("meetings:parking", args=[question.pk]), headers=headers)
        assert response.status_code in (200, 302)
    question.refresh_from_db()
    assert (question.status, ParkedItem.objects.get().question) == ("parked", question.question)


def test_a_question_without_a_meeting_can_be_taken_back_parked_and_brought_back(here, question):
    """Its meeting was held, and no other is planned."""
    question.meeting.end()
    for url in ("withdrawal", "return", "parking"):
        response = here.post(reverse(f"meetings:{url}", args=[question.pk]))
        assert response.headers["Location"] == question.group.get_absolute_url()
    unpark = reverse("meetings:parked", args=[ParkedItem.objects.get().pk])
    same = AgendaItem.objects.create(
        group=question.group, by=question.by, question=question.question
    )
    assert here.post(unpark).status_code == 302
    assert list(AgendaItem.objects.waiting()) == [same]
    assert not ParkedItem.objects.exists()
    question.refresh_from_db()
    assert question.status == "parked"
    response = here.post(reverse("meetings:question", args=[question.pk]), {"question": ""})
    assert response.status_code == 302


@BOTH_DOORS
@pytest.mark.parametrize(
    ("wanted", "count"), [("1", 1), ("0", 0), ("", 0), ("\x00", 0), ("x" * 5000, 0)]
)
def test_support_pressed_twice_counts_once(meeting, question, planning, wanted, count, headers):
    url = reverse("meetings:support", args=[question.pk])
    for _ in range(2):
        response = planning.post(url, {"wanted": wanted}, headers=headers)
        assert response.status_code in (200, 302)
    assert Support.objects.count() == count


# ---- what isn't there


@pytest.mark.parametrize(
    "url",
    [
        "meetings:detail",
        "meetings:time",
        "meetings:cancellation",
        "meetings:series",
        "meetings:new_series",
        "group",
    ],
)
@pytest.mark.parametrize("pk", [0, 2**31, 10**30])
def test_an_unknown_number_is_not_found(here, url, pk):
    assert here.get(reverse(url, args=[pk])).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "meetings:questions",
        "meetings:question",
        "meetings:support",
        "meetings:withdrawal",
        "meetings:parking",
        "meetings:return",
        "meetings:parked",
        "networks:membership",
        "networks:leave",
        "networks:affirmation",
        "networks:begin_team",
    ],
)
def test_sending_to_an_unknown_number_is_not_found(here, url):
    for headers in ({}, HTMX):
        assert here.post(reverse(url, args=[10**30]), headers=headers).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "\x00", ""])
def test_an_unknown_page_is_some_page(here, secretariat, page):
    for url in ("meetings:list", "networks:list"):
        assert here.get(reverse(url), {"page": page}).status_code == 200
    here.force_login(secretariat)
    for url in ("office", "rehearsal", "networks:list"):
        assert here.get(reverse(url), {"page": page}).status_code == 200


# ---- one's own details, the first words


@pytest.mark.parametrize("phone", ["\x00", "1" * 5000, "ring til mig", "<b>", "١٢٣"])
def test_a_phone_number_that_is_none_comes_back(here, phone):
    response = here.post("/me/", {"language": "da", "phone": phone})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert escape(phone.strip()) in response.content.decode()


@pytest.mark.parametrize("language", ["", "tlh", "\x00", "da" * 5000])
def test_an_unknown_language_is_refused(here, language):
    assert here.post("/me/", {"language": language}).status_code == 422
    here.post("/language/", {"language": language})
    assert here.get("/me/").status_code == 200


@pytest.mark.parametrize("words", ["x" * 5000, "Hej\x00"])
def test_first_words_that_can_not_be_begin_nothing(organisation, team, planning, words):
    team.begun_at = None
    team.save()
    url = reverse("networks:begin_team", args=[team.pk])
    response = planning.post(url, {"words": words}, follow=True)
    assert response.status_code == 200
    assert list(get_messages(response.wsgi_request)) or "toast error" in response.content.decode()
    team.refresh_from_db()
    assert team.begun_at is None


def test_beginning_twice_is_beginning_once(team, planning, monday):
    team.begun_at = None
    team.save()
    url = reverse("networks:begin_team", args=[team.pk])
    planning.post(url, {"words": "Nu begynder vi. 🧭"})
    monday.shift(timedelta(hours=1))
    planning.post(url, {"words": "Igen"})
    team.refresh_from_db()
    assert team.opening_words == "Nu begynder vi. 🧭"
    assert team.begun_at == timezone.now() - timedelta(hours=1)


# ---- a season


SEASON = {
    "starts_on": "2026-11-17",
    "ends_on": "2027-01-26",
    "time": "09:00",
    "place": "Rådhuset",
    "link": "",
    "interval_days": "14",
    "minutes": "90",
    "has_agenda": "on",
}


def plan(client, team, headers=None, **values):
    url = reverse("meetings:new_series", args=[team.pk])
    return client.post(url, SEASON | values, headers=headers or {})


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": ""},
        {"starts_on": "i morgen"},
        {"starts_on": "2026-11-08"},
        {"starts_on": "0001-01-01"},
        {"starts_on": "9999-12-31", "ends_on": "9999-12-31"},
        {"starts_on": "9999-12-31", "ends_on": ""},
        {"starts_on": "2027-02-30"},
        {"starts_on": "\x00"},
        {"ends_on": "2026-11-16"},
        {"ends_on": "0001-01-01"},
        {"ends_on": "2027-11-30"},
        {"ends_on": "9999-12-31"},
        {"time": ""},
        {"time": "25:00"},
        {"time": "\x00"},
        {"place": "", "link": ""},
        {"place": "x" * 5000},
        {"place": "Råd\x00huset"},
        {"link": "javascript:alert(1)"},
        {"link": "ikke et link"},
        {"link": "https://x.example/" + "x" * 5000},
        {"interval_days": "0"},
        {"interval_days": "-14"},
        {"interval_days": ""},
        {"interval_days": "9" * 30},
        {"minutes": "0"},
        {"minutes": "9" * 30},
    ],
    ids=str,
)
def test_a_season_that_can_not_be_comes_back_with_words_and_fields(team, planning, values):
    response = plan(planning, team, **values)
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    for value in (SEASON | values).values():
        assert escape(value.strip()) in response.content.decode()
    assert not Series.objects.exists()
    for headers in ({}, HTMX):
        response = plan(planning, team, headers, preview="1", **values)
        assert response.status_code == 200


@pytest.mark.parametrize("empty", [{}, {"preview": "1"}])
def test_a_season_of_nothing_at_all_is_asked_for_again(team, planning, empty):
    url = reverse("meetings:new_series", args=[team.pk])
    for headers in ({}, HTMX):
        response = planning.post(url, empty, headers=headers)
        assert response.status_code == (200 if empty else 422)
    assert not Series.objects.exists()


def test_a_season_without_an_end_ends_with_the_half_year(team, planning):
    plan(planning, team, ends_on="")
    assert Series.objects.get().ends_on == date(2026, 12, 31)


def test_a_place_may_be_anything(team, planning):
    place = "<b>Kantinen</b> 🧭 غرفة"
    response = plan(planning, team, place=place)
    assert shows(planning.get(response.headers["Location"]), place)


def test_the_same_season_twice_is_one(team, planning):
    answers = [plan(planning, team).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1] == Series.objects.get().get_absolute_url()
    assert Meeting.objects.count() == 6


def test_a_season_across_another_is_not_planned(team, planning):
    plan(planning, team)
    response = plan(planning, team, starts_on="2027-01-19", ends_on="2027-03-30")
    assert response.status_code == 422
    assert "26. januar 2027" in response.content.decode()
    assert Series.objects.count() == 1


# ---- moving and cancelling


def move(client, meeting, day, clock="09:00", **more):
    """Also onto a day when people are away: it has been asked about."""
    url = reverse("meetings:time", args=[meeting.pk])
    return client.post(url, {"day": day, "time": clock, "anyway": day} | more)


@pytest.fixture
def season(team):
    """Four meetings at nine, the second being the one that is moved."""
    return make_series(team, in_days(3), meetings=4)


@pytest.fixture
def second(season):
    return season.meetings.order_by("starts_at")[1]


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2026-11-08", "09:00"),
        ("2026-11-09", "09:59"),
        ("0001-01-01", "09:00"),
        ("9999-12-31", "23:59"),
        ("2027-11-30", "09:00"),
        ("2026-11-12", "09:00"),
        ("2026-11-12", "10:29"),
        ("2026-11-12", "07:31"),
        ("", ""),
        ("2026-02-30", "24:00"),
        ("\x00", "\x00"),
    ],
)
def test_a_time_that_can_not_be_comes_back(planning, second, day, clock):
    before = second.starts_at
    response = move(planning, second, day, clock)
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    assert f'value="{escape(day)}"' in response.content.decode() or day in ("", "\x00")
    second.refresh_from_db()
    assert second.starts_at == before


@pytest.mark.parametrize("place", ["x" * 5000, "\x00"])
def test_a_place_that_can_not_be_comes_back(planning, second, place):
    response = move(planning, second, "2026-11-27", place=place)
    assert response.status_code == 422
    second.refresh_from_db()
    assert not second.was_moved


def test_nine_stays_nine_over_the_change_of_the_clock(planning, second):
    response = move(planning, second, "2027-03-29")
    assert response.status_code == 302
    second.refresh_from_db()
    local = second.starts_at.astimezone(second.group.organisation.zone)
    assert (local.date(), local.time()) == (date(2027, 3, 29), time(9))
    assert second.minutes == 90
    page = planning.get(reverse("meetings:time", args=[second.pk])).content.decode()
    assert 'value="2027-03-29"' in page
    assert 'value="09:00"' in page


@pytest.mark.parametrize("clock", ["02:30", "03:00"])
def test_an_hour_that_the_clock_leaves_out_is_no_disaster(planning, second, clock):
    assert move(planning, second, "2027-03-28", clock).status_code == 302
    second.refresh_from_db()
    assert second.minutes == 90
    assert planning.get(second.series.get_absolute_url()).status_code == 200


def test_moved_twice_to_the_same_time_is_moved_once(planning, second):
    for _ in range(2):
        assert move(planning, second, "2026-11-27").status_code == 302
    second.refresh_from_db()
    assert second.starts_at == datetime.fromisoformat("2026-11-27T09:00+01:00")


def test_a_held_or_cancelled_meeting_is_not_moved(planning, season):
    first, second, *_rest = season.meetings.order_by("starts_at")
    first.end()
    second.cancel(by=season.group.senior_manager)
    for meeting in (first, second):
        assert move(planning, meeting, "2026-12-01").status_code == 422


def test_cancelled_twice_is_cancelled_once(planning, second):
    url = reverse("meetings:cancellation", args=[second.pk])
    for reason in ("Syg 🤒", "Igen"):
        assert planning.post(url, {"reason": reason}).status_code == 302
    second.refresh_from_db()
    assert second.cancellation.reason == "Syg 🤒"


@pytest.mark.parametrize("reason", ["x" * 5000, "\x00"])
def test_a_reason_that_can_not_be_comes_back(planning, second, reason):
    url = reverse("meetings:cancellation", args=[second.pk])
    response = planning.post(url, {"reason": reason})
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    second.refresh_from_db()
    assert not second.is_cancelled


def test_a_held_meeting_is_not_cancelled(planning, second):
    second.end()
    url = reverse("meetings:cancellation", args=[second.pk])
    assert planning.post(url, {"reason": ""}).status_code == 422


def test_moved_after_its_agenda_was_set_it_asks_again_and_is_set_again(season, leader):
    first = season.meetings.order_by("starts_at")[0]
    first.invite_proposals()
    first.propose("Hvornår siger vi nej?", by=leader)
    first.compose_agenda()
    first.move(in_days(8), by=season.group.senior_manager)
    first.propose("Hvad nu?", by=leader)
    assert first.items.waiting().count() == 2
    first.compose_agenda()
    assert list(first.items.on_agenda().values_list("position", flat=True)) == [1, 2]


def test_the_agenda_of_a_cancelled_meeting_waits_for_the_next(season, leader):
    first, following, *_rest = season.meetings.order_by("starts_at")
    first.invite_proposals()
    first.propose("Hvornår siger vi nej?", by=leader)
    first.compose_agenda()
    following.propose("Hvad nu?", by=leader)
    first.cancel(by=season.group.senior_manager)
    assert set(following.items.waiting().values_list("question", flat=True)) == {
        "Hvornår siger vi nej?",
        "Hvad nu?",
    }


# ---- groups


def test_joining_leaving_and_affirming_twice(organisation, here, leader):
    group = make_group(organisation, 2)
    for verb in ("membership", "affirmation", "membership/end"):
        for _ in range(2):
            response = here.post(f"/groups/{group.pk}/{verb}/")
            assert response.status_code in (302, 404)
    assert Membership.objects.filter(user=leader).count() == 1
    assert Membership.objects.get(user=leader).left_at


# ---- the page was too old, the session had ended


@pytest.fixture
def strict(leader):
    """A browser that is asked for its CSRF token, as all are outside tests."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader)
    return client


@pytest.mark.parametrize("question", ["Hvad nu?", "Ferie?", "Hvornår siger vi <nej>?", "x" * 5000])
def test_with_yesterdays_token_the_text_is_shown_and_a_way_back(strict, meeting, question):
    page = f"http://testserver{meeting.get_absolute_url()}"
    data = {"question": question, "by": "1", "csrfmiddlewaretoken": "x" * 64}
    url = reverse("meetings:questions", args=[meeting.pk])
    strict.get(meeting.get_absolute_url())
    response = strict.post(url, data, headers={"referer": page})
    assert response.status_code == 403
    assert f"readonly>{escape(question)}</textarea>" in response.content.decode()
    assert f'href="{meeting.get_absolute_url()}"' in response.content.decode()
    assert "x" * 64 not in response.content.decode().replace(question, "")
    assert not AgendaItem.objects.exists()


def test_a_foreign_page_is_not_a_way_back(strict, meeting):
    url = reverse("meetings:questions", args=[meeting.pk])
    headers = {"referer": "https://evil.example/", "sec_fetch_site": "cross-site"}
    response = strict.post(url, {"question": "Hvad mon der sker nu?"}, headers=headers)
    assert response.status_code == 403
    assert "evil.example" not in response.content.decode()
    assert "Hvad mon der sker" not in response.content.decode()


def test_the_page_about_it_is_in_ones_own_language(strict, meeting, leader):
    leader.language = "en"
    leader.save()
    url = reverse("meetings:questions", args=[meeting.pk])
    assert 'lang="en"' in strict.post(url, {"question": "What now?"}).content.decode()


def _send_signed_out(client, meeting, page, leader, **headers):
    url = reverse("meetings:questions", args=[meeting.pk])
    data = {"question": "Hvornår siger vi nej?", "by": str(leader.pk)}
    return client.post(url, data, headers={"referer": f"http://testserver{page}"} | headers)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("from_today", [False, True], ids=["meeting", "today"])
def test_after_signing_in_again_the_text_stands_in_the_field(
    client, meeting, leader, headers, from_today
):
    page = "/" if from_today else meeting.get_absolute_url()
    response = _send_signed_out(client, meeting, page, leader, **headers)
    location = response.headers["HX-Redirect" if headers else "Location"]
    assert response.status_code == (200 if headers else 302)
    assert location == f"/accounts/login/?next={page}"
    assert not AgendaItem.objects.exists()
    client.force_login(leader)
    assert "Hvornår siger vi nej?</textarea>" in client.get(page).content.decode()
    assert "Hvornår siger vi nej?" not in client.get(page).content.decode()


def test_nobody_else_finds_what_somebody_had_typed(client, meeting, leader, manager):
    _send_signed_out(client, meeting, meeting.get_absolute_url(), leader)
    client.force_login(manager)
    assert "Hvornår siger vi nej?" not in client.get(meeting.get_absolute_url()).content.decode()
    client.force_login(leader)
    assert "Hvornår siger vi nej?" not in client.get(meeting.get_absolute_url()).content.decode()


def test_what_was_reworded_is_kept_too(client, meeting, question, leader):
    page = Client()
    page.force_login(leader)
    assert f'name="by" value="{leader.pk}"' in page.get(meeting.get_absolute_url()).content.decode()
    url = reverse("meetings:question", args=[question.pk])
    data = {"question": "Hvordan siger vi nej?", "by": str(leader.pk)}
    client.post(url, data, headers={"referer": f"http://testserver{meeting.get_absolute_url()}"})
    client.force_login(leader)
    kept = client.get(meeting.get_absolute_url()).content.decode()
    assert "Hvordan siger vi nej?</textarea>" in kept


@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "//evil.example", "\x00", "x"])
def test_without_a_page_of_ours_one_comes_to_today(client, meeting, referer):
    url = reverse("meetings:questions", args=[meeting.pk])
    response = client.post(url, {"question": "Hvad nu?"}, headers={"referer": referer})
    assert response.headers["Location"] in ("/accounts/login/?next=/", "/accounts/login/?next=x")


def test_somebody_new_and_old_text(client, db):
    """Text of any sort survives the way over the session."""
    client.post("/meetings/1/questions/", {"question": "x\x00" * 5000, "by": "\x00"})
    person = make_user(None, is_superuser=True)
    client.force_login(person)
    assert client.get("/meetings/").status_code == 200
