"""Made ready for a batch ahead of time, and still nothing goes out that isn't true any more."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from meetings.models import Answer, Invitation, Meeting
from meetings.reconciling import close_agendas
from notifications import ahead, delivery, kinds
from notifications.delivery import deliver_due
from notifications.letter import Letter, Mail
from notifications.models import Delivery, Preference
from tests.factories import in_days, make_group, make_meeting, make_open_meeting, make_user

LATE = timedelta(days=9)
MADE_READY = ["meetings.agenda", "meetings.opening", "meetings.reminder"]


@pytest.fixture
def meeting(team, post, monday):
    """Its invitations have gone out; the mails that ask what to talk about are due."""
    meeting = make_meeting(team)
    deliver_due()
    post.letters.clear()
    meeting.invite_proposals()
    return meeting


def _one_left(meeting):
    Invitation.objects.filter(user=meeting.group.senior_manager).update(ended_at=timezone.now())


def _one_turned_them_off(meeting):
    Preference.objects.choose(meeting.group.senior_manager, "off")


def _the_organisation_rehearses(meeting):
    type(meeting.group.organisation).objects.update(begun_at=None)


def _one_was_deactivated(meeting):
    person = meeting.group.senior_manager
    person.left_at = timezone.now()
    person.save()


@pytest.mark.parametrize(
    ("happen", "reason"),
    [
        (lambda meeting: meeting.cancel(by=meeting.group.senior_manager), "cancelled"),
        (lambda meeting: meeting.move(in_days(4), by=None), "moved"),
        (Meeting.compose_agenda, "closed"),
        (_one_left, "left"),
        (_one_turned_them_off, "preference"),
        (_the_organisation_rehearses, "rehearsal"),
        (_one_was_deactivated, "left"),
    ],
)
def test_what_happens_after_the_first_of_a_batch_holds_for_the_others(
    meeting, post, monkeypatch, happen, reason
):
    """The senior manager's is last: whatever concerns one person only concerns them."""
    rows = Delivery.objects.filter(kind="meetings.opening")
    rows.exclude(recipient=meeting.group.senior_manager).update(due_at=timezone.now() - LATE)
    hand_over, happened = delivery._hand_over, []

    def handed_over(mail, line):
        hand_over(mail, line)
        if not happened:
            happened.append(happen(Meeting.objects.get()))

    monkeypatch.setattr(delivery, "_hand_over", handed_over)
    deliver_due()
    skipped = rows.filter(state="skipped")
    assert set(skipped.values_list("skip_reason", flat=True)) == {reason}
    assert skipped.filter(recipient=meeting.group.senior_manager).count() == 1
    openings = [letter for letter in post.letters if "List-Unsubscribe" in letter]
    assert len(openings) == rows.filter(state="sent").count()


def test_a_change_that_changes_nothing_of_it_sends_the_new_words(meeting, post, monkeypatch):
    hand_over, happened = delivery._hand_over, []

    def handed_over(mail, line):
        hand_over(mail, line)
        if not happened:
            happened.append(type(meeting.series).objects.update(place="Biblioteket"))

    monkeypatch.setattr(delivery, "_hand_over", handed_over)
    deliver_due()
    texts = [one.get_body(("plain",)).get_content() for one in post.letters]
    assert ["Biblioteket" in text for text in texts] == [False, True, True, True, True]


def test_a_claim_that_was_lost_is_not_sent_by_the_quick_way_either(meeting, post, monday):
    lost = delivery.claim()
    monday.shift(delivery.LEASE + timedelta(seconds=1))
    assert deliver_due() == 5
    assert delivery.send_batch(lost) == (0, True)
    assert len(post.letters) == 5


def test_each_message_of_a_batch_costs_one_statement(organisation, post, monday):
    asked = {}
    for count in (10, 40):
        group = make_group(organisation, count, kind="network")
        make_meeting(group, has_agenda=False)
        deliver_due()
        Meeting.objects.get(series__group=group).compose_agenda()
        Delivery.objects.update(due_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert deliver_due() == count
        sql = [one["sql"] for one in queries if not one["sql"].startswith(("SAVE", "RELEASE"))]
        asked[count] = len(sql) - count
    assert asked[40] == asked[10]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", MADE_READY)
def test_words_made_once_for_many_are_the_words_made_for_one(organisation, monday, language, kind):
    person = make_user(organisation, "D’Artagnan <& Søn", language=language)
    group = make_group(organisation, [person, make_user(organisation, language=language)])
    meeting = make_open_meeting(group, has_agenda=kind != "meetings.reminder")
    if kind != "meetings.opening":
        meeting.propose("Hvad nu?", by=person)
        meeting.compose_agenda()
    batch = list(Delivery.objects.filter(kind=kind))
    ready = ahead.make_ready(batch)
    # The host of an agenda has words of their own.
    alone = {Meeting.objects.get().host_id} if kind == "meetings.agenda" else set()
    assert {row.recipient_id for row in batch if row.pk not in ready} == alone
    for row in (row for row in batch if row.pk in ready):
        with translation.override(language):
            one = kinds.get(kind).message(row, Meeting.objects.for_page().get())
        many = ready[row.pk].message()
        assert (many.subject, many.text, many.html) == (one.subject, one.text, one.html)


def test_only_the_host_is_told_that_they_are(organisation, post, monday):
    people = [make_user(organisation, language="en") for _ in range(3)]
    meeting = make_open_meeting(make_group(organisation, people))
    meeting.compose_agenda()
    post.letters.clear()
    Delivery.objects.update(due_at=timezone.now())
    deliver_due()
    told = [mail["To"] for mail in post.letters if "You are host" in text_of(mail)]
    assert told == [meeting.host.email]


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def test_every_kind_about_a_meeting_of_all_is_made_ready():
    ready = [name for name, kind in sorted(kinds._kinds.items()) if kind.rests_on]
    assert ready == MADE_READY


def test_a_kind_with_a_ledger_is_never_made_ready_for_many():
    with pytest.raises(ValueError, match="keeps a ledger"):
        kinds.register(
            "tests.wrong",
            preference=kinds.MUST_REACH,
            still_true=None,
            message=None,
            subjects=None,
            rests_on=print,
            sent=print,
        )


# ---- thousands of groups on one morning


def test_reminders_of_many_groups_are_written_together_as_one_by_one(organisation, monday):
    groups = [make_group(organisation, 3) for _ in range(3)]
    for number, group in enumerate(groups):
        make_meeting(group, in_days(2 + number % 2), has_agenda=False)
    away = groups[0].memberships.first().user
    Answer.objects.create(
        meeting=Meeting.objects.get(series__group=groups[0]),
        user=away,
        coming=False,
        starts_at=in_days(2),
    )
    monday.shift(timedelta(days=1, hours=1))
    close_agendas(timezone.now())
    close_agendas(timezone.now())
    written = Delivery.objects.filter(kind="meetings.reminder")
    set_ = Meeting.objects.filter(status="set")
    assert (set_.count(), written.count()) == (2, 6)
    for row in written:
        meeting = set_.get(pk=row.subject_id)
        assert (row.version, row.due_at) == (
            meeting.version_of("meetings.reminder"),
            meeting.agenda_closes_at,
        )
    assert {meeting.group.memberships.count() for meeting in set_} == {3}
    assert all(meeting.group.memberships.filter(user=meeting.host).exists() for meeting in set_)


# ---- as bytes


def letters(**values) -> list[email.message.EmailMessage]:
    """The same mail written by us and by Django."""
    mail = Mail(
        **{
            "subject": "Hvad skal vi tale om? Æbler, øer og årstider, og hvad der ellers " * 3,
            "body": "Kære Åse\n\n.\nFrom Ærø\n" + "lang linje " * 40,
            "from_email": "Pejling på vej <pejling@example.org>",
            "to": ["karen@example.org"],
            "reply_to": ["lone@example.org"],
            "headers": {"Message-ID": "<1-2@example.org>", "Auto-Submitted": "auto-generated"},
        }
        | values
    )
    mail.attach_alternative("<p>Kære Åse &amp; Søn</p>\n" + "<b>x</b>" * 50, "text/html")
    ours = mail.message()
    assert isinstance(ours, Letter)
    theirs = EmailMultiAlternatives.message(mail, policy=email.policy.SMTP)
    return [
        email.message_from_bytes(one.as_bytes(), policy=email.policy.default)
        for one in (ours, theirs)
    ]


@pytest.mark.parametrize(
    "values", [{}, {"subject": "Plain"}, {"reply_to": None}, {"from_email": "a@example.org"}]
)
def test_written_by_us_it_reads_as_written_by_django(values):
    ours, theirs = letters(**values)
    names = ("Subject", "From", "To", "Reply-To", "Message-ID", "Auto-Submitted", "MIME-Version")
    assert [ours[name] for name in names] == [theirs[name] for name in names]
    assert ours["Date"].datetime - theirs["Date"].datetime < timedelta(minutes=1)
    assert ours.get_content_type() == theirs.get_content_type() == "multipart/alternative"
    assert ours.defects == []
    for part in ("plain", "html"):
        said = [
            one.get_body((part,)).get_content().replace("\r\n", "\n").strip()
            for one in (ours, theirs)
        ]
        assert said[0] == said[1]
    raw = ours.as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 78


@pytest.mark.parametrize("bad", ["a\nBcc: b@example.org", "a\r\nBcc: b@example.org", "a\rb"])
def test_a_line_break_never_makes_a_header(bad):
    mail = Mail("Hej", "Hej", "a@example.org", ["b@example.org"], headers={"Message-ID": bad})
    mail.attach_alternative("<p>Hej</p>", "text/html")
    with pytest.raises(ValueError, match="line break"):
        mail.message().as_bytes()


@pytest.mark.parametrize("to", ["blåbær@example.org", "a@blåbær.dk"])
def test_what_is_not_plain_goes_djangos_way(to):
    mail = Mail("Hej", "Hej", "a@example.org", [to], headers={"Message-ID": "<1@example.org>"})
    mail.attach_alternative("<p>Hej</p>", "text/html")
    assert not isinstance(mail.message(), Letter)


def test_links_lead_here(meeting):
    row = Delivery.objects.filter(kind="meetings.opening").first()
    [message] = [ready.message() for ready in ahead.make_ready([row]).values()]
    assert f"{settings.SITE_URL}/unsubscribe/nobody/" not in message.text + message.html
    assert ahead.NAME not in message.text + message.html
