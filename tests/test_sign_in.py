"""Signing in by a code in the mail, coming back to where one was, and the doors of the demo."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from networks.demo import PERSONAS
from networks.models import User
from tests.factories import make_open_meeting, make_user

LOGIN = "/accounts/login/"
CODE_PAGE = "/accounts/login/code/confirm/"


def ask_for_code(client, email, **more):
    return client.post(LOGIN, {"email": email} | more)


def code_in(message) -> str:
    return re.search(r"^ {4}(\S+)$", message.body, re.MULTILINE)[1]


def type_code(client, code, **more):
    return client.post(CODE_PAGE, {"code": code} | more)


def is_signed_in(client) -> bool:
    return client.get("/me/").status_code == 200


# ---- the code


def test_a_code_in_the_mail_opens_the_door(client, leader):
    response = ask_for_code(client, "Karen@Example.org")
    assert response.headers["Location"] == CODE_PAGE
    assert not is_signed_in(client)
    [message] = mail.outbox
    assert message.to == [leader.email]
    response = type_code(client, code_in(message))
    assert response.headers["Location"] == "/"
    assert is_signed_in(client)


def test_one_lands_where_one_was_going(client, team, leader):
    url = make_open_meeting(team).get_absolute_url()
    assert client.get(url).headers["Location"] == f"{LOGIN}?next={url}"
    ask_for_code(client, leader.email, next=url)
    page = client.get(f"{CODE_PAGE}?next={url}").content.decode()
    assert f'name="next" value="{url}"' in page
    assert type_code(client, code_in(mail.outbox[0]), next=url).headers["Location"] == url


def test_a_foreign_address_is_not_where_one_lands(client, leader):
    ask_for_code(client, leader.email, next="https://evil.example/")
    response = type_code(client, code_in(mail.outbox[0]), next="https://evil.example/")
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_code_comes_in_the_persons_own_language(client, organisation, language):
    person = make_user(organisation, language=language)
    client.cookies["django_language"] = "en" if language == "da" else "da"
    ask_for_code(client, person.email)
    [message] = mail.outbox
    with translation.override(language):
        assert message.subject == translation.gettext("Your code for Pejling")
        words = translation.gettext(
            "Here is your code. Type it on the page where you asked for it."
        )
    html = message.alternatives[0].content
    assert words in message.body
    assert words in html
    assert f'lang="{language}"' in html
    assert code_in(message) in html


def test_a_wrong_code_says_so_and_three_are_enough(client, leader):
    ask_for_code(client, leader.email)
    response = type_code(client, "WRONG1")
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    for _ in range(2):
        response = type_code(client, "WRONG1")
    assert response.headers["Location"].startswith(LOGIN)
    assert type_code(client, code_in(mail.outbox[0])).headers["Location"].startswith(LOGIN)
    assert not is_signed_in(client)


def test_a_code_lives_a_quarter_of_an_hour(client, leader, monday):
    ask_for_code(client, leader.email)
    monday.shift(timedelta(minutes=16))
    type_code(client, code_in(mail.outbox[0]))
    assert not is_signed_in(client)


def test_a_code_opens_the_door_once_and_only_where_it_was_asked_for(client, leader):
    ask_for_code(client, leader.email)
    code = code_in(mail.outbox[0])
    elsewhere = Client()
    type_code(elsewhere, code)
    assert not is_signed_in(elsewhere)
    type_code(client, code)
    client.post("/accounts/logout/")
    type_code(client, code)
    assert not is_signed_in(client)


def test_a_new_code_can_be_sent(client, leader):
    ask_for_code(client, leader.email)
    client.post(CODE_PAGE, {"action": "resend"})
    assert len(mail.outbox) == 2
    type_code(client, code_in(mail.outbox[1]))
    assert is_signed_in(client)


def test_rehearsal_holds_no_codes_back(client, organisation, leader):
    organisation.begun_at = None
    organisation.save()
    ask_for_code(client, leader.email)
    assert len(mail.outbox) == 1


# ---- who has no business here


def test_an_unknown_address_looks_like_a_known_one_and_makes_nobody(client, leader):
    known, unknown = Client(), Client()
    answers = [ask_for_code(known, leader.email), ask_for_code(unknown, "nobody@example.org")]
    assert len({(a.status_code, a.headers["Location"]) for a in answers}) == 1
    pages = [
        browser.get(CODE_PAGE).content.decode().replace(address, "")
        for browser, address in [(known, leader.email), (unknown, "nobody@example.org")]
    ]
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')
    assert tokens.sub("", pages[0]) == tokens.sub("", pages[1])
    assert [m.to for m in mail.outbox] == [[leader.email], ["nobody@example.org"]]
    type_code(unknown, "ABCDEF")
    assert not is_signed_in(unknown)
    assert User.objects.count() == 1


def test_nobody_signs_up(client, db):
    for answer in (
        client.get("/accounts/signup/"),
        client.post("/accounts/signup/", {"email": "new@example.org"}),
    ):
        assert answer.status_code == 200
        assert reverse("account_login") in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "gone", [{"left_at": timezone.now()}, {"is_active": False}], ids=["left", "closed"]
)
def test_who_left_gets_no_code(client, leader, gone):
    User.objects.filter(pk=leader.pk).update(**gone)
    response = ask_for_code(client, leader.email)
    assert response.headers["Location"] == CODE_PAGE  # as everybody
    assert [code for m in mail.outbox for code in re.findall(r"^ {4}\S+$", m.body, re.M)] == []


@pytest.mark.parametrize(
    "gone", [{"left_at": timezone.now()}, {"is_active": False}], ids=["left", "closed"]
)
def test_who_leaves_is_out_at_once(client, leader, gone):
    ask_for_code(client, leader.email)
    code = code_in(mail.outbox[0])
    here = Client()
    here.force_login(leader)
    assert is_signed_in(here)
    User.objects.filter(pk=leader.pk).update(**gone)
    assert not is_signed_in(here)
    type_code(client, code)
    assert not is_signed_in(client)


def test_a_new_address_replaces_the_old(client, leader):
    ask_for_code(client, leader.email)
    type_code(client, code_in(mail.outbox[0]))
    User.objects.filter(pk=leader.pk).update(email="karen.ny@example.org")
    assert not EmailAddress.objects.exists()
    mail.outbox.clear()
    ask_for_code(Client(), "karen@example.org")
    assert re.findall(r"^ {4}\S+$", mail.outbox[0].body, re.MULTILINE) == []


def test_who_asks_too_often_is_told_to_wait_and_nobody_else(client, leader):
    for _ in range(5):
        assert ask_for_code(Client(), leader.email).status_code == 302
    response = ask_for_code(client, leader.email)
    assert response.status_code == 200
    assert 'class="errorlist' in response.content.decode()
    assert f'value="{leader.email}"' in response.content.decode()
    assert len(mail.outbox) == 5
    other = make_user(leader.organisation)
    assert ask_for_code(Client(), other.email).status_code == 302


def test_a_whole_theme_day_gets_in_from_one_address(db):
    """They sit in one room behind one proxy, and all sign in when told to."""
    answers = {ask_for_code(Client(), f"leader{n}@example.org").status_code for n in range(30)}
    assert answers == {302}


def test_a_session_lasts_sixty_days_from_its_last_use(client, leader, monday):
    client.force_login(leader)
    for days, lasts in [(50, True), (50, True), (59, True), (61, False)]:
        monday.shift(timedelta(days=days))
        cache.clear()  # whose own clock can't be moved
        assert is_signed_in(client) is lasts


# ---- the demo's own doors


@pytest.fixture
def karen(organisation):
    return make_user(organisation, PERSONAS[0]["name"], email=PERSONAS[0]["email"])


def test_one_tap_is_enough_in_the_demo(client, karen):
    assert karen.name in client.get(LOGIN).content.decode()
    response = client.post("/demo/sign-in/leader/", {"next": "/me/"})
    assert response.headers["Location"] == "/me/"
    assert karen.name in client.get("/me/").content.decode()
    response = client.post("/demo/sign-in/leader/", {"next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_nobody_else_can_be_tapped(client, karen):
    for who in ("nobody", "superuser", "facilitator"):
        assert client.post(f"/demo/sign-in/{who}/").status_code == 404


def test_who_left_the_demo_cannot_be_tapped(client, karen):
    User.objects.filter(pk=karen.pk).update(left_at=timezone.now())
    assert client.post("/demo/sign-in/leader/").status_code == 404


def test_the_demos_doors_exist_only_in_the_demo(client, karen, settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    (tmp_path / "000001.eml").write_text("Subject: Hej\n\nHej")
    pages = ["/demo/mail/", "/demo/mail/1/", "/demo/mail/1/html/"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    settings.DEMO = False
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post("/demo/sign-in/leader/").status_code == 404
    assert not is_signed_in(client)
    page = client.get(LOGIN).content.decode()
    assert karen.name not in page
    assert "/demo/" not in page


def test_a_mail_that_is_not_there_is_not_found(client, db, settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path / "not-yet"
    assert client.get("/demo/mail/").status_code == 200
    assert client.get("/demo/mail/7/").status_code == 404
    assert client.get("/demo/mail/7/html/").status_code == 404
