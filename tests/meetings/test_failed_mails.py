"""The secretariat sees what failed, for whom and why, corrects the address and sends again."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from networks.models import User
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_meeting, make_organisation, make_team, make_user
from tests.notifications.post_office import PostOffice, mailer

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def post(settings):
    with PostOffice() as office:
        settings.MAILERS = mailer(office.port)
        yield office


@pytest.fixture
def bounced(team, leader, post):
    """Everybody was asked what to talk about; Karen's address is wrong."""
    post.answers[leader.email] = ["550 5.1.1 <karen@example.org> unknown"] * 9
    meeting = make_meeting(team)
    meeting.invite_proposals()
    deliver_due()
    return meeting


def failures() -> set:
    return set(Delivery.objects.failed().values_list("kind", "recipient__name"))


def test_what_failed_for_whom_and_why_and_no_content(client, secretariat, bounced, team):
    client.force_login(secretariat)
    assert 'href="/office/mails/"' in client.get("/office/").content.decode()
    page = client.get("/office/mails/").content.decode()
    assert "Karen Holm" in page
    assert page.count("Der er ingen med den adresse.") == 2
    assert "hvad skal vi tale om?" in page
    assert 'value="karen@example.org"' in page
    assert str(team) not in page
    for other in team.participants().exclude(name="Karen Holm"):
        assert other.name not in page


def test_corrected_and_sent_again_by_one_button(client, secretariat, bounced, leader, post):
    EmailAddress.objects.create(user=leader, email=leader.email, primary=True, verified=True)
    ids = set(Delivery.objects.failed().values_list("message_id", flat=True))
    client.force_login(secretariat)
    post.letters.clear()
    url = reverse("mail_again", args=[leader.pk])
    response = client.post(url, {"email": " Karen.Holm@Example.org "}, follow=True)
    assert "Vi sender igen til karen.holm@example.org." in response.content.decode()
    leader.refresh_from_db()
    assert leader.email == "karen.holm@example.org"
    assert not EmailAddress.objects.filter(email="karen@example.org").exists()
    deliver_due()
    assert {letter["To"] for letter in post.letters} == {leader.email}
    assert {letter["Message-ID"] for letter in post.letters} == ids
    assert "Alt er nået frem" in client.get("/office/mails/").content.decode()


def test_sent_twice_is_sent_once(client, secretariat, bounced, leader, post):
    client.force_login(secretariat)
    post.letters.clear()
    url = reverse("mail_again", args=[leader.pk])
    for email in ("karen.holm@example.org", "stranger@example.org"):
        assert client.post(url, {"email": email}).status_code == 302
        deliver_due()
    leader.refresh_from_db()
    assert leader.email == "karen.holm@example.org"
    assert len(post.letters) == 2


def test_what_is_no_longer_true_is_not_sent_again(client, secretariat, bounced, leader, post):
    bounced.refresh_from_db()
    bounced.compose_agenda()
    client.force_login(secretariat)
    client.post(reverse("mail_again", args=[leader.pk]), {"email": "ny@example.org"})
    deliver_due()
    opening = Delivery.objects.get(kind="meetings.opening", recipient=leader)
    assert (opening.state, opening.skip_reason) == ("skipped", "closed")


@pytest.mark.parametrize(
    "email", ["", "karen", "TAKEN@example.org", "x" * 5000 + "@example.org", "k\x00@example.org"]
)
def test_an_address_that_can_not_be_comes_back(
    client, secretariat, bounced, leader, organisation, email
):
    make_user(organisation, email="taken@example.org")
    client.force_login(secretariat)
    before = failures()
    response = client.post(reverse("mail_again", args=[leader.pk]), {"email": email})
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    leader.refresh_from_db()
    assert (leader.email, failures()) == ("karen@example.org", before)


def test_nobody_else_sees_or_changes_it(client, bounced, leader, outsider):
    elsewhere = make_user(make_organisation(), is_secretariat=True)
    url = reverse("mail_again", args=[leader.pk])
    client.force_login(elsewhere)
    assert "Karen" not in client.get("/office/mails/").content.decode()
    assert client.post(url, {"email": "me@example.org"}).status_code == 404
    for person in (leader, outsider):
        client.force_login(person)
        assert client.get("/office/mails/").status_code == 403
        assert client.post(url, {"email": "me@example.org"}).status_code == 403
    assert User.objects.get(pk=leader.pk).email == "karen@example.org"


def test_an_address_that_works_is_not_changed_here(client, secretariat, leader):
    client.force_login(secretariat)
    url = reverse("mail_again", args=[leader.pk])
    client.post(url, {"email": "taken.over@example.org"})
    leader.refresh_from_db()
    assert leader.email == "karen@example.org"


def test_who_has_left_is_not_listed(client, secretariat, bounced, leader):
    User.objects.filter(pk=leader.pk).update(left_at=timezone.now())
    client.force_login(secretariat)
    assert "Karen" not in client.get("/office/mails/").content.decode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("550 5.1.1 nobody here", "Der er ingen med den adresse."),
        ("550-5.1.1 nobody", "Der er ingen med den adresse."),
        ("552 5.2.2 over quota", "Postkassen er fuld."),
        ("552 too much", "Postkassen er fuld."),
        ("550 5.2.1 disabled", "Postkassen er lukket."),
        ("554 5.7.1 spam", "Modtagerens mailsystem ville ikke tage imod den"),
        ("550 go away", "Modtagerens mailsystem ville ikke tage imod den"),
        ("451 4.7.1 later", "Modtagerens mailsystem har i fire dage bedt os vente."),
        ("ZeroDivisionError: division by zero", "Noget gik galt her hos os"),
        ("", "Noget gik galt her hos os"),
    ],
)
def test_why_in_plain_words(said, why):
    assert str(Delivery(last_error=said).why).startswith(why)


def test_a_whole_team_on_one_page(client, db, post):
    team = make_team(make_organisation(), 5)
    for person in team.participants():
        post.answers[person.email] = ["550 5.1.1 unknown"] * 9
    make_meeting(team)
    deliver_due()
    client.force_login(make_user(team.organisation, is_secretariat=True))
    page = client.get("/office/mails/").content.decode()
    assert page.count('name="email"') == 6
