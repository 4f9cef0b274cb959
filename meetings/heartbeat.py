"""Which network groups ask for care, found on the tick; who looks after them hears of it first.

Each kind is one question about all running groups. A group that is well again closes its row, one
that rests or has ended asks for nothing.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

import notifications
from meetings.models import DateSearch, Meeting, Series
from meetings.models.rhythm import QUIET_MONTHS
from networks.models import Concern, Group, Membership
from notifications.models import Delivery

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)  # before anybody needs to be reminded
QUIET = timedelta(days=31)  # what July and December take from those who rest then
FEWEST = 4
Kind = Concern.Kind


def look(now) -> None:
    """Bring what is known of every group in step with how it is. Idempotent."""
    new: dict[int, list[str]] = defaultdict(list)
    with transaction.atomic():
        for kind, ill in ILL.items():
            for group in Concern.objects.find(kind, ill(now), now):
                new[group].append(kind)
        _tell(new, now)


def _running() -> QuerySet[Group]:
    return Group.objects.filter(kind=Group.Kind.NETWORK, status=Group.Status.RUNNING)


def _here(model, **where) -> QuerySet:
    return model.objects.filter(group=OuterRef("pk"), **where)


def without_date(now) -> QuerySet[Group]:
    """Neither is one planned nor are they about to find it, the day after the last."""
    coming = Meeting.objects.standing().filter(
        series__group=OuterRef("pk"), ends_at__gt=now - A_DAY
    )
    finding = _here(DateSearch).open()
    settled = _running().filter(created_at__lte=now - A_WEEK)
    return settled.filter(~Exists(coming) & ~Exists(finding))


def without_rope(now) -> QuerySet[Group]:
    """Somebody is in it, and nobody looks after it."""
    members = Membership.objects.standing().filter(group=OuterRef("pk"))
    living = Group.objects.filter(kind=Group.Kind.NETWORK, status__in=Group.LIVING)
    return living.filter(Exists(members) & ~Exists(members.filter(role="facilitator")))


def of_few(now) -> QuerySet[Group]:
    """One whose place rests counts: it is kept."""
    kept = Membership.objects.kept().filter(group=OuterRef("pk")).order_by().values("group")
    number = Subquery(kept.annotate(number=Count("pk")).values("number"))
    return _running().annotate(number=Coalesce(number, 0)).filter(number__lt=FEWEST)


def silent(now) -> QuerySet[Group]:
    """Two rhythms and nothing held, the quiet months not counted for those who rest in them."""
    held = Meeting.objects.filter(status=Meeting.Status.HELD, series__group=OuterRef("pk"))
    seasons = _here(Series, starts_on__lte=now.date()).order_by("starts_on")
    running = _running().annotate(
        first_on=Subquery(seasons.values("starts_on")[:1]),
        rhythm=Subquery(seasons.reverse().values("interval_days")[:1]),
        rests=Subquery(seasons.reverse().values("rests")[:1]),
    )
    quiet = Q()
    known = running.exclude(rhythm=None).order_by().values_list("rhythm", flat=True)
    for rhythm in known.distinct():
        for rests in (True, False):
            since = now - 2 * timedelta(days=rhythm)
            if rests and _holds_a_quiet_month(since, now):
                since -= QUIET
            met = held.filter(starts_at__gt=since)
            quiet |= Q(rhythm=rhythm, rests=rests, first_on__lt=since.date()) & ~Q(Exists(met))
    return running.filter(quiet) if quiet else running.none()


def _holds_a_quiet_month(since, now) -> bool:
    days = range((now - since).days + 1)
    return any((since + timedelta(days=day)).month in QUIET_MONTHS for day in days)


def unaffirmed(now) -> QuerySet[Group]:
    return _running().filter(
        Exists(Membership.objects.unaffirmed(now).filter(group=OuterRef("pk")))
    )


ILL = {
    Kind.NO_DATE: without_date,
    Kind.NO_ROPE: without_rope,
    Kind.FEW: of_few,
    Kind.SILENT: silent,
    Kind.UNAFFIRMED: unaffirmed,
}


def _tell(new: dict[int, list[str]], now) -> None:
    """One mail a group, to who looks after it; where nobody does, to all of its members."""
    tending = Membership.objects.standing().filter(group__in=new)
    tending = tending.filter(Q(role="facilitator") | Q(group__in=_roped(new)))
    people = defaultdict(list)
    for group, user in tending.values_list("group", "user"):
        people[group].append(user)
    concerns = Concern.objects.standing().filter(group__in=new, opened_at=now).of_the_group()
    rows: dict = defaultdict(list)
    told = set()
    for one in concerns.select_related("group__organisation").order_by("group", "pk"):
        if one.group_id not in told:
            told.add(one.group_id)
            hour = one.group.organisation.mail_hour(now)
            rows[hour] += [(one.pk, user, "1") for user in people[one.group_id]]
    for hour, each in rows.items():
        Delivery.objects.plan_each("meetings.heartbeat", Concern, each, due_at=hour)
    if rows:
        notifications.ring()


def _roped(new: dict[int, list[str]]) -> list[int]:
    return [group for group, kinds in new.items() if Kind.NO_ROPE in kinds]
