"""What the doorbell of each minute sets right: idempotent, so a missed minute loses nothing."""

import logging
from datetime import UTC, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Extract
from django.utils import timezone

import notifications
from meetings import apv, heartbeat
from meetings.models import (
    Answer,
    AreaFigure,
    Case,
    Commitment,
    DateSearch,
    Feed,
    Invitation,
    Meeting,
    ParkedItem,
    Series,
    Sparring,
    TapRound,
    TenMinutes,
)
from networks.models import Ending, Group, JoinRequest, Membership, Pause, Review, User
from notifications.models import Delivery
from wellbeing.models import CoachOffer, CoachProgramme, Story

logger = logging.getLogger(__name__)

# Reasons after which a message may become true once more. Who isn't coming isn't among those who
# are to be reached until they say that they come after all: else each minute would try again.
AGAIN = ["rehearsal", "left", "moved", "not coming", "nothing agreed"]
SETTLES = timedelta(hours=1)  # in which what was agreed may still be put otherwise
BEGUN = Q(series__group__organisation__begun_at__isnull=False) & (
    Q(series__group__kind=Group.Kind.NETWORK) | Q(series__group__begun_at__isnull=False)
)


def reconcile(at=None) -> None:
    now = at or timezone.now()
    Membership.objects.all().keep_the_rule(now)
    Pause.objects.end_those_over(now)
    Ending.objects.part(now)
    Invitation.objects.in_step(Series.objects.current(now.date()).out_of_step(), at=now)
    _each(Meeting.objects.to_end(now), Meeting.end)
    _each(Meeting.objects.to_fall_shut(now), lambda meeting: meeting.room.fall_shut(at=now))
    close_agendas(now)
    _each(Meeting.objects.to_open(now), Meeting.invite_proposals)
    JoinRequest.objects.tend(now)
    User.objects.reach_after_rehearsal(now)
    send_minutes(now)
    Story.objects.forget(now)
    CoachOffer.objects.tend()
    Feed.objects.standing().exclude(person__left_at=None).update(revoked_at=now)
    keep_alive(now)
    reach_everybody(now)
    look_after_taps(now)
    apv.tend(now)
    CoachProgramme.objects.tend(now)
    let_go(now)


def keep_alive(now) -> None:
    """What groups ask for, found and said in time."""
    Pause.objects.remind(now)
    Review.objects.tend(now)
    try:
        heartbeat.look(now)
    except Exception:
        logger.exception("could not listen to the heartbeat of the groups")


def let_go(now) -> None:
    """What was said in confidence goes when its time has come; whose it is was warned."""
    Sparring.objects.warn(now)
    Sparring.objects.tidy(now)
    Case.objects.forget(now)
    TenMinutes.objects.forget(now)


def look_after_taps(now) -> None:
    """Rounds nobody closed; areas whose two months are over. Who has tapped is gone by midnight."""
    for one in TapRound.objects.to_close(now):
        try:
            one.fall_shut(at=now)
        except Exception:
            logger.exception("could not close taps %s", one.pk)
    AreaFigure.objects.settle(now)
    TapRound.objects.forget(now.date())
    AreaFigure.objects.forget(now.date())


def close_agendas(now) -> None:
    """Those without an agenda many at a time: on one morning it may be thousands of groups."""
    try:
        remind_all(now)
    except Exception:
        logger.exception("could not remind many at a time, now one by one")
    _each(Meeting.objects.to_set(now), Meeting.compose_agenda)
    _each(Meeting.objects.without_host(now), find_host)


def remind_all(now) -> None:
    while Meeting.objects.to_set(now).remind():
        pass


def find_host(meeting: Meeting) -> None:
    meeting.hosting.find()


def _each(meetings, verb) -> None:
    """What goes wrong with one meeting must not hold up the others."""
    for meeting in meetings.order_by("starts_at"):
        try:
            verb(meeting)
        except Exception:
            logger.exception("could not %s meeting %s", verb.__name__, meeting.pk)


def reach_everybody(now) -> None:
    """Plan what somebody who stands there now hasn't been sent: whoever came in after the mail
    was planned, came back, or was spared it while the organisation rehearsed.
    """
    coming = Q(series__meetings__starts_at__gt=now)
    opened = coming & Q(series__meetings__status=Meeting.Status.OPEN, series__has_agenda=True)
    set_ = coming & Q(series__meetings__status=Meeting.Status.SET)
    _reach("meetings.opening", opened, "agenda_opens_at", now)
    _reach("meetings.agenda", set_ & Q(series__has_agenda=True), "starts_at", now)
    _reach("meetings.reminder", set_ & Q(series__has_agenda=False), "starts_at", now)
    _reach_invited(now)
    _reach_changed(now)
    _reach_after_rehearsal(now)


def send_minutes(now) -> None:
    """What was agreed, an hour after the meeting and what was written last: one mail a meeting."""
    fresh = {one["meeting"]: one["last"] for one in Commitment.objects.of_meetings_held(now)}
    if not fresh:
        return
    people = (
        Invitation.objects.standing()
        .filter(series__meetings__in=fresh, created_at__lte=F("series__meetings__ends_at"))
        .annotate(meeting=F("series__meetings__pk"), version=Value("1"))
    )
    missed = _missed(people, "meetings.minutes", Meeting, "meeting").values_list("meeting", "user")
    by_meeting: dict[int, list[int]] = {}
    for meeting, user in missed:
        by_meeting.setdefault(meeting, []).append(user)
    for meeting in Meeting.objects.for_page().filter(pk__in=by_meeting):
        due = max(meeting.ends_at, fresh[meeting.pk]) + SETTLES
        _plan("meetings.minutes", meeting, "1", by_meeting[meeting.pk], due)


def _reach(kind: str, which: Q, moment: str, now) -> None:
    # In UTC: of a local time it would be another second than `version_of` has.
    epoch = Cast(Extract(f"series__meetings__{moment}", "epoch", tzinfo=UTC), BigIntegerField())
    people = (
        Invitation.objects.standing()
        .filter(which)
        .annotate(meeting=F("series__meetings__pk"), version=Cast(epoch, CharField()))
    )
    if kind != "meetings.opening":
        away = Answer.objects.staying_away()
        people = people.filter(
            ~Exists(away.filter(meeting=OuterRef("meeting"), user=OuterRef("user")))
        )
    missed = _missed(people, kind, Meeting, "meeting").values_list("meeting", "user")
    by_meeting: dict[int, list[int]] = {}
    for meeting, user in missed:
        by_meeting.setdefault(meeting, []).append(user)
    for meeting in Meeting.objects.for_page().filter(pk__in=by_meeting):
        _plan(kind, meeting, meeting.version_of(kind), by_meeting[meeting.pk], now)


def _reach_invited(now) -> None:
    people = (
        Invitation.objects.standing()
        .filter(
            series__in=Series.objects.current(now.date()),
            series__in_calendar_already=False,
            entry__told_sequence=0,
        )
        .annotate(version=Cast(F("entry__told_sequence"), CharField()))
    )
    for invitation in _missed(people, "meetings.invited", Invitation, "pk"):
        _plan("meetings.invited", invitation, "0", [invitation.user_id], now)


def _reach_changed(now) -> None:
    """What changed in rehearsal, where the season was in their calendars already."""
    people = Invitation.objects.standing().filter(
        BEGUN, series__in=Series.objects.current(now.date()), series__in_calendar_already=True
    )
    spared = Delivery.objects.filter(
        kind="meetings.changed",
        subject_type=ContentType.objects.get_for_model(Invitation),
        subject_id__in=people.values("pk"),
        state=Delivery.State.SKIPPED,
        skip_reason="rehearsal",
    )
    with transaction.atomic():
        if spared.update(state=Delivery.State.DUE, due_at=now, skip_reason=""):
            notifications.ring()


def _reach_after_rehearsal(now) -> None:
    """What still waits for somebody. Not who asked for ten minutes: that is over with its day."""
    begun = Delivery.objects.filter(recipient__organisation__begun_at__isnull=False)
    silent = Group.objects.filter(kind=Group.Kind.TEAM, begun_at=None)
    searches = DateSearch.objects.filter(group__in=silent)
    parked = ParkedItem.objects.filter(group__in=silent)
    begun.filter(
        Q(kind="meetings.notes_going")
        | Q(kind="meetings.dates_offered") & ~Q(subject_id__in=searches.values("pk"))
        | Q(kind="meetings.parked") & ~Q(subject_id__in=parked.values("pk"))
    ).after_rehearsal(now)


def _missed(people: QuerySet, kind: str, model, subject: str) -> QuerySet:
    planned = Delivery.objects.filter(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(model),
        subject_id=OuterRef(subject),
        version=OuterRef("version"),
        recipient=OuterRef("user"),
    )
    reached = planned.exclude(state=Delivery.State.SKIPPED, skip_reason__in=AGAIN)
    return people.filter(BEGUN & ~Exists(reached) | ~BEGUN & ~Exists(planned))


def _plan(kind: str, subject, version: str, people: list[int], now) -> None:
    with transaction.atomic():
        Delivery.objects.plan(kind, subject, version=version, to=people, due_at=now)
        notifications.ring()
