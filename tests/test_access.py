"""Every door of the house, tried by everybody (design.md section 4)."""

import re

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from tests import access_table as table
from tests.access_table.apv import READERS
from tests.cast import (
    FOUND_IN_THE_APV,
    SAID_IN_THE_APV,
    SECRET_OF_THE_NETWORK,
    SECRET_OF_THE_TEAM,
)
from tests.walk import address, who_reads

DOORS = ["networks:membership", "networks:ask", "networks:accept", "networks:invite_link"]


def names(resolver=None, space="") -> list[str]:
    """The name of every URL there is, "" for one without."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += names(pattern, inside)
        else:
            found.append(f"{space}{pattern.name}" if pattern.name else "")
    return found


def gets(house, role, row, **headers) -> str:
    """What that person gets there, in the words of the table."""
    client, url = house.client(role), address(house, row)
    with transaction.atomic():
        if row.method == "GET":
            response = client.get(url, headers=headers)
        else:
            response = client.post(url, house.filled(row.sends), headers=headers)
        transaction.set_rollback(True)
    return in_words(response, row)


def in_words(response, row) -> str:
    location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    if location.startswith(reverse("account_login")):
        return table.SIGN_IN
    if row.url in DOORS and location == reverse("networks:list"):
        return table.REFUSED
    if row.url == "meetings:detail" and location.startswith("/groups/"):
        return table.LINES
    if location or (row.method == "POST" and response.status_code == 200):
        return table.DOES
    return {200: table.SEES, 403: table.NOT_ALLOWED, 404: table.HIDDEN}.get(
        response.status_code, str(response.status_code)
    )


def label(row) -> str:
    return f"{row.method} {row.url} {row.thing}".replace(" ", "-")


def test_every_url_stands_in_the_table():
    ruled = {row.url for row in table.TABLE}
    missing = [name for name in names() if name not in ruled]
    assert [name for name in missing if not name.startswith(table.ADMIN) and name] == []
    assert ruled <= set(names())


def test_a_url_without_a_name_is_the_admins():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            assert all(inside.name for inside in pattern.url_patterns)
        elif not isinstance(pattern, URLResolver):
            assert pattern.name


@pytest.mark.parametrize("row", table.TABLE, ids=label)
def test_everybody_gets_what_the_table_says(house, row):
    assert {role: gets(house, role, row) for role in table.ROLES} == row.gets


HTMX = [row for row in table.AGENDA if row.method == "POST"]


@pytest.mark.parametrize("row", HTMX, ids=label)
def test_a_fragment_opens_no_other_door_than_a_page(house, row):
    tried = {role: gets(house, role, row, hx_request="true") for role in table.ROLES}
    assert tried == row.gets


POST_ONLY = [
    row
    for row in table.TABLE
    if row.method == "POST"
    and row.url != "set_language"
    and not any(other.url == row.url and other.method == "GET" for other in table.TABLE)
]


@pytest.mark.parametrize("row", POST_ONLY, ids=label)
def test_no_get_changes_anything(house, row):
    """Mail scanners open links."""
    whoever_may = next((role for role, it in row.gets.items() if it == table.DOES), "member")
    assert house.client(whoever_may).get(address(house, row)).status_code == 405


def test_opening_the_language_link_changes_nothing(house):
    response = house.client("anonymous").get(reverse("set_language"), {"language": "en"})
    assert "django_language" not in response.cookies


# ---- who sees what, by canary


def test_what_is_said_in_a_room_stays_in_it(everybodys_pages):
    assert who_reads(everybodys_pages, SECRET_OF_THE_NETWORK) == set(table.IN_NETWORK)
    assert who_reads(everybodys_pages, SECRET_OF_THE_TEAM) == set(table.IN_TEAM)


def test_what_was_said_in_an_apv_is_its_leaders_and_what_was_found_all_who_answer_for_it(
    everybodys_pages,
):
    assert who_reads(everybodys_pages, SAID_IN_THE_APV) == {"member", "amo"}
    assert who_reads(everybodys_pages, FOUND_IN_THE_APV) == set(READERS)


def test_a_name_is_seen_by_the_own_group_and_the_secretariat(everybodys_pages):
    own = {"asker", "member", "newcomer", "facilitator", "secretariat"}
    readers = who_reads(everybodys_pages, "Tove Holder")
    assert readers - {"newcomer"} == own - {"newcomer"}
    assert who_reads(everybodys_pages, "Ledet Larsen") == {"secretariat"}
    in_team = who_reads(everybodys_pages, "Spørge Jørgensen")
    assert in_team == {"asker", "member", "facilitator", "manager", "secretariat"}


def test_who_may_join_reads_what_a_group_is_for_and_no_names(house, everybodys_pages):
    url = address(house, next(row for row in table.GROUPS if row.thing == "forming group"))
    page = everybodys_pages["stranger"][url]
    assert "Broen" in page
    assert house.things["forming group"].agreement.lines[0] in page
    for membership in house.things["forming group"].memberships.select_related("user"):
        assert membership.user.name not in page


def test_what_one_parked_or_took_back_is_ones_own(everybodys_pages):
    for secret in (SECRET_OF_THE_NETWORK, SECRET_OF_THE_TEAM):
        assert who_reads(everybodys_pages, f"{secret} parkeret") == {"asker"}
        assert who_reads(everybodys_pages, f"{secret} trukket tilbage") == set()


def test_what_is_hidden_or_rests_is_read_by_its_asker_alone(everybodys_pages):
    for secret in (SECRET_OF_THE_NETWORK, SECRET_OF_THE_TEAM):
        assert who_reads(everybodys_pages, f"{secret} skjult") == {"asker"}
        assert who_reads(everybodys_pages, f"{secret} hviler") == {"asker"}


def test_the_senior_managers_quiet_word_is_read_by_the_asker_alone(house):
    """And by the one who said it, who doesn't learn the answer."""
    url = reverse("meetings:detail", args=[house.pk("team meeting")])
    keeping = reverse("meetings:doubt", args=[house.pk("team question in doubt")])
    pages = {who: house.client(who).get(url).content.decode() for who in table.IN_TEAM}
    assert {who for who, page in pages.items() if keeping in page} == {"asker"}
    assert "suggest" not in pages["member"].lower()
    assert "parkér det" not in pages["member"].lower()
    before = pages["manager"]
    house.things["team question in doubt"].suggestion.decline()
    after = house.client("manager").get(url).content.decode()
    assert [_words(before), _words(after)] == [_words(before)] * 2


def _words(page: str) -> str:
    return re.sub(r"<[^>]*>", "", page)


def test_a_waiting_question_shows_numbers_never_names_of_who_supports_it(house):
    url = reverse("meetings:detail", args=[house.pk("team meeting")])
    before = house.client("manager").get(url).content.decode()
    house.things["team question"].support_by(house.people["member"])
    page = house.client("manager").get(url).content.decode()
    assert "· 1</button>" in page
    assert page.count("Karen Holm") == before.count("Karen Holm") == 1  # under the agreement


def test_refusals_tell_nothing(house):
    """Not yours and not there look the same."""
    stranger = house.client("stranger")
    for row in table.AGENDA:
        if row.gets["stranger"] == table.HIDDEN and row.method == "GET":
            hidden = stranger.get(address(house, row))
            absent = stranger.get(reverse(row.url, args=[2**31]))
            assert _without_token(hidden) == _without_token(absent)


def _without_token(response) -> str:
    return response.content.decode().replace(str(response.context["csrf_token"]), "")


# ---- the admin


def test_only_who_runs_the_installation_comes_into_the_admin(house):
    for role in table.ROLES:
        response = house.client(role).get(reverse("admin:index"))
        assert (response.status_code == 200) is (role == "superuser")


def test_the_admin_keeps_no_content(house):
    registered = {model._meta.label for model in admin.site._registry}
    assert registered <= table.ADMIN_KEEPS
    root = house.client("superuser")
    for model in admin.site._registry:
        url = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{url}_changelist")]
        pages += [reverse(f"{url}_change", args=[one.pk]) for one in model.objects.all()[:20]]
        pages += [reverse(f"{url}_history", args=[one.pk]) for one in model.objects.all()[:3]]
        for page in pages:
            html = root.get(page).content.decode()
            assert SECRET_OF_THE_NETWORK not in html
            assert SECRET_OF_THE_TEAM not in html
