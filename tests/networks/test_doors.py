"""The pages of finding, asking, inviting and looking after a group, as people meet them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from networks.models import Group, InviteLink, Membership, User
from tests.factories import in_days, make_group, make_series, make_user
from tests.test_queries import asked

pytestmark = pytest.mark.usefixtures("monday")


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return client


def read(client, url: str) -> str:
    """The page's main part in plain words."""
    html = (
        client.get(url, follow=True).content.decode().partition("<main")[2].partition("</main")[0]
    )
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def tovholder_of(group) -> User:
    return group.memberships.standing().get(role="facilitator").user


# ---- finding


def test_what_a_group_is_for_how_many_and_when_and_nobodys_name(network, organisation):
    Group.objects.filter(pk=network.pk).update(purpose="Vi står fast")
    make_series(network, in_days(3))
    seeker = browser(make_user(organisation))
    for url in ("/networks/", network.get_absolute_url()):
        page = read(seeker, url)
        assert "Vi står fast" in page
        assert "12. november" in page
        assert re.search(r"4 (af|medlemmer af) 6", page)
        for member in network.participants():
            assert member.name not in page


def test_each_group_says_how_one_comes_in(organisation):
    for values in (
        {"name": "Dannes"},
        {"name": "Kører", "status": "running"},
        {"name": "Spørger", "join_policy": "ask"},
        {"name": "Fyldt", "size": 4},
        {"name": "Inviteret", "join_policy": "invited"},
    ):
        make_group(organisation, 4, **values)
    page = read(browser(make_user(organisation)), "/networks/")
    found = re.findall(r"(Læs og vær med|Læs og spørg|Stil dig i kø) (\w+)", page)
    assert found[0] == ("Læs og vær med", "Dannes")  # those one joins with a tap come first
    assert {name: way for way, name in found} == {
        "Dannes": "Læs og vær med",
        "Kører": "Læs og spørg",
        "Spørger": "Læs og spørg",
        "Fyldt": "Stil dig i kø",
    }


def test_many_groups_are_searched_by_what_they_are_for(organisation):
    for number in range(31):
        make_group(organisation, 1, name=f"Nummer {number:02}", purpose="Om drift")
    make_group(organisation, 1, name="Ådalen", purpose="Om krydspres")
    seeker = browser(make_user(organisation))
    assert "Ådalen" not in read(seeker, "/networks/")
    page = read(seeker, "/networks/?q=krydspres")
    assert "Ådalen" in page
    assert "Nummer" not in page
    html = seeker.get("/networks/?q=drift").content.decode()
    assert "?q=drift&amp;page=2" in html


# ---- asking


def test_asking_waiting_and_coming_in(network, organisation):
    seeker = make_user(organisation, "Berta Bank")
    his = browser(seeker)
    url = network.get_absolute_url()
    assert "alle medlemmer siger ja" in read(his, url)
    his.post(reverse("networks:ask", args=[network.pk]))
    waits = read(his, url)
    assert "23. november" in waits
    request = network.requests.get()
    members = [browser(member) for member in network.participants()]
    answer = reverse("networks:answer", args=[request.pk])
    assert "Berta Bank" in read(members[0], url)
    members[0].post(answer, {"yes": "0"})
    for member in members[1:]:
        member.post(answer, {"yes": "1"}, headers={"hx_request": "true"})
    assert read(his, url) == waits  # nothing shows
    members[0].post(answer, {"yes": "1"})
    assert "Det siger jeg ja til" in read(his, url)


def test_ones_own_answer_is_shown_to_oneself_only(network, organisation):
    network.ask(make_user(organisation))
    one, other = (browser(member) for member in network.participants()[:2])
    answer = reverse("networks:answer", args=[network.requests.get().pk])
    fragment = one.post(answer, {"yes": "0"}, headers={"hx_request": "true"}).content.decode()
    assert re.search(r'id="no-\d+"[^>]*aria-pressed="true"', fragment)
    url = network.get_absolute_url()
    assert 'id="no' in other.get(url).content.decode()
    assert not re.search(r'id="(no|yes)-\d+"[^>]*aria-pressed="true"', str(other.get(url).content))


def test_neither_yes_nor_no_is_said_to(network, organisation):
    network.ask(make_user(organisation))
    member = browser(network.participants()[0])
    answer = reverse("networks:answer", args=[network.requests.get().pk])
    assert member.post(answer, {"yes": "måske"}).status_code == 302
    assert not network.requests.get().answers.exists()


def test_in_line_one_sees_ones_own_place_and_takes_it_back(organisation):
    full = make_group(organisation, 4, size=4, name="Fyldt")
    first, second = make_user(organisation), make_user(organisation)
    for person in (first, second):
        browser(person).post(reverse("networks:ask", args=[full.pk]))
    assert "nummer 2 i køen" in read(browser(second), "/networks/")
    assert "nummer 2 i køen" in read(browser(second), full.get_absolute_url())
    mine = first.requests.get()
    browser(first).post(reverse("networks:withdraw", args=[mine.pk]))
    assert "nummer 1 i køen" in read(browser(second), full.get_absolute_url())
    full.memberships.last().leave()
    assert "holdt en plads til dig i Fyldt" in read(browser(second), "/")
    browser(second).post(reverse("networks:accept", args=[second.requests.get().pk]))
    assert full.membership_of(second).sees_content


# ---- by link


def test_an_invitation_from_end_to_end(organisation, outsider):
    group = make_group(organisation, 2, name="Havnen", join_policy="invited")
    made = browser(tovholder_of(group)).post(reverse("networks:invite_links", args=[group.pk]))
    [path] = re.findall(r'value="http://[^/]+(/invitation/[^"]+)"', made.content.decode())
    invited, other = make_user(organisation), make_user(organisation)
    assert "Havnen" in read(browser(invited), path)
    assert not invited.memberships.exists()  # opening changes nothing
    foreign = browser(outsider).get(path)
    assert (foreign.status_code, "Havnen" in foreign.content.decode()) == (404, False)
    assert browser(invited).post(path).headers["Location"] == group.get_absolute_url()
    assert group.membership_of(invited).sees_content
    assert browser(other).get(path).status_code == 404
    assert browser(other).post(path).headers["Location"] == "/networks/"
    assert path not in read(browser(tovholder_of(group)), f"/groups/{group.pk}/links/")


def test_any_member_takes_an_invitation_back(network, organisation):
    link, token = InviteLink.make(network, by=tovholder_of(network), agreed=True)
    member = browser(network.memberships.last().user)
    assert tovholder_of(network).name in read(member, f"/groups/{network.pk}/links/")
    member.post(reverse("networks:end_link", args=[link.pk]))
    assert browser(make_user(organisation)).get(InviteLink.path_of(token)).status_code == 404


# ---- looking after it

NEW = {"purpose": "Mod i det daglige", "name": "Modet", "join_policy": "ask", "size": "7"}


def test_the_secretariat_makes_a_group(secretariat, organisation):
    karen = make_user(organisation, "Karen Berg", email="karen.berg@example.org")
    make_user(organisation, "Jens Jensen")
    data = NEW | {"facilitator": "karen berg", "deputy": "Jens Jensen <JENS@example.org>"}
    office, url = browser(secretariat), reverse("networks:new_group")
    response = office.post(url, data)
    assert response.status_code == 422
    assert "Modet" in response.content.decode()  # what was typed is kept
    User.objects.filter(name="Jens Jensen").update(email="jens@example.org")
    office.post(url, data)
    group = Group.objects.get(name="Modet")
    roles = group.memberships.values_list("user__name", "role", "affirmed_at").order_by("pk")
    assert list(roles) == [
        ("Karen Berg", "facilitator", None),
        ("Jens Jensen", "deputy", None),
    ]
    assert "Modet" in read(browser(karen), "/")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"name": "FYRET"}, "name"),
        ({"size": "9"}, "size"),
        ({"size": "3"}, "size"),
        ({"facilitator": "Ukendt"}, "facilitator"),
        ({"facilitator": "Person To"}, "facilitator"),
        ({"facilitator": "Boss", "deputy": "Led"}, "deputy"),
        ({"facilitator": "Boss", "deputy": "Boss"}, "deputy"),
        ({"facilitator": "Lone Østergaard"}, "facilitator"),
    ],
)
def test_what_is_wrong_with_a_new_group(secretariat, organisation, network, change, field):
    make_user(organisation, "Led", manager=make_user(organisation, "Boss"))
    make_user(organisation, "Person To")
    make_user(organisation, "Person To")
    response = browser(secretariat).post(reverse("networks:new_group"), NEW | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Group.objects.count() == 1
    assert not Membership.objects.exclude(group=network).exists()


def test_the_tovholder_changes_the_words_and_not_below_how_many_they_are(organisation):
    group = make_group(organisation, 5)
    url = reverse("networks:words", args=[group.pk])
    tovholder = browser(tovholder_of(group))
    assert tovholder.post(url, NEW | {"size": "4"}).status_code == 422
    assert tovholder.post(url, NEW | {"size": "5"}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.size, group.join_policy) == ("Modet", 5, "ask")


def test_a_running_group_is_not_filled_past_its_members(secretariat, network, organisation):
    other = make_user(organisation, "Ude Frakommende")
    url = reverse("networks:appointment", args=[network.pk])
    office = browser(secretariat)
    response = office.post(url, {"person": other.name, "role": "member"})
    assert response.status_code == 422
    assert not network.membership_of(other)
    inside = network.memberships.last().user
    assert office.post(url, {"person": inside.email, "role": "deputy"}).status_code == 302
    assert network.membership_of(inside).role == "deputy"


def test_a_name_that_is_being_written_is_suggested(secretariat, organisation, outsider):
    make_user(organisation, "Åse Winther", email="aase@example.org", title="Leder")
    options = browser(secretariat).get(
        reverse("networks:people_like"), {"facilitator": "winth"}, headers={"hx_request": "true"}
    )
    assert "Åse Winther &lt;aase@example.org&gt;" in options.content.decode()
    options = browser(secretariat).get(reverse("networks:people_like"), {"q": outsider.name})
    assert options.content.decode().strip() == ""


def test_the_rope_is_handed_on_by_hand(network):
    url = network.get_absolute_url()
    other = network.memberships.last()
    browser(tovholder_of(network)).post(
        reverse("networks:offer_role", args=[network.pk]),
        {"role": "facilitator", "member": other.pk},
    )
    assert "Vil du være tovholder?" in read(browser(other.user), url)
    assert "Vil du give en hånd med i Fyret?" in read(browser(other.user), "/")
    browser(other.user).post(
        reverse("networks:take_role", args=[network.pk]), {"role": "facilitator"}
    )
    assert tovholder_of(network) == other.user


def test_when_the_tovholder_leaves_the_others_are_asked(network):
    browser(tovholder_of(network)).post(reverse("networks:leave", args=[network.pk]))
    member = network.memberships.standing().last().user
    assert "Hvem vil være tovholder?" in read(browser(member), network.get_absolute_url())
    browser(member).post(reverse("networks:take_role", args=[network.pk]), {"role": "facilitator"})
    assert "Hvem vil være tovholder?" not in read(browser(member), network.get_absolute_url())
    assert tovholder_of(network) == member


def test_the_lines_are_asked_again_on_the_groups_page_and_today(network, organisation, monday):
    member = browser(network.memberships.last().user)
    organisation.reword_agreement(["Ny linje"] * 5, ["New line"] * 5)
    assert "står de fem linjer stadig ved magt?" in read(member, "/")
    assert "Ny linje" in read(member, network.get_absolute_url())
    url = reverse("networks:affirmation", args=[network.pk])
    member.post(url, {"version": "1"})  # an old page
    assert "står de fem linjer stadig ved magt?" in read(member, "/")
    member.post(url, {"version": "2"})
    assert "står de fem linjer stadig ved magt?" not in read(member, "/")


def test_the_secretariat_rewords_the_lines(secretariat, organisation):
    url, office = reverse("networks:agreement"), browser(secretariat)
    lines = {f"{lang}_{n}": f"{lang} {n}" for lang in ("da", "en") for n in range(1, 6)}
    assert office.post(url, lines | {"en_3": " "}).status_code == 422
    office.post(url, lines)
    office.post(url, lines)
    assert [a.version for a in organisation.agreements.order_by("version")] == [1, 2]
    assert organisation.agreements.get(version=2).lines_en[2] == "en 3"


# ---- how often the database is asked


def test_a_group_of_eight_with_three_years_behind_it(organisation):
    group = make_group(organisation, 8, size=8, status="running")
    for year in range(3):
        first = in_days(3) - timedelta(days=364 * (year + 1))
        make_series(group, first, meetings=8, interval_days=35)
    make_series(group, in_days(3), meetings=6, interval_days=35)
    Meeting.objects.filter(ends_at__lt=timezone.now()).update(status="held")
    Group.objects.filter(pk=group.pk).update(size=8)
    house = House({"member": browser(group.memberships.last().user)})
    calm = asked(house, "member", "get", group.get_absolute_url())
    for _ in range(4):
        request = group.ask(make_user(organisation))
        type(request).objects.filter(pk=request.pk).update(
            state="asked", until=timezone.now() + timedelta(days=3)
        )
    busy = asked(house, "member", "get", group.get_absolute_url())
    assert (calm, busy) == (6, 7)


class House:
    """As tests.test_queries wants one."""

    def __init__(self, clients):
        self.clients = clients

    def client(self, role) -> Client:
        return self.clients[role]
