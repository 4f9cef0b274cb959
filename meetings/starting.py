"""Starting composed groups: each with its first date, invitations and rhythm, in one step."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from meetings.models import Invitation, Meeting, Series
from networks.models import Composition, Group, Organisation, ProposedGroup, Seat

WEEKS_AHEAD = 5
DAYS = [1, 2, 3, 0, 4]  # Tuesday first, Friday last
CLOCKS = [time(13), time(9)]
MINUTES = 120  # of a network group's meeting
TRIED = 4  # weeks that are looked through for a date nobody is busy on


@dataclass
class FirstDate:
    """What is offered to one group. `busy`: how many of it meet elsewhere at that time."""

    proposed: ProposedGroup
    day: date
    clock: time
    busy: int = 0


def usual_week(organisation: Organisation, today: date) -> date:
    """The Monday of the week in five weeks, or of the first one after it that isn't closed."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=WEEKS_AHEAD)
    while all(organisation.closed_because(monday + timedelta(days=day)) for day in range(5)):
        monday += timedelta(weeks=1)
    return monday


def offer(composition: Composition, week: date, minutes: int = MINUTES) -> list[FirstDate]:
    """A date for each group in the week of `week`, spread over its days, where nobody of the group
    has another meeting; later where that can't be.
    """
    organisation = composition.organisation
    monday = week - timedelta(days=week.weekday())
    members = defaultdict(set)
    for group, user in Seat.objects.filter(composition=composition).values_list("group", "user"):
        members[group].add(user)
    slots = list(_slots(organisation, monday))
    busy = _busy({user for users in members.values() for user in users}, slots)
    used: dict[tuple, int] = defaultdict(int)
    offered = []
    for proposed in composition.groups.all():

        def cost(slot, people=members[proposed.pk]):
            taken = _overlapping(organisation, busy, people, slot, minutes)
            return (taken, slot[0], used[slot[1:]], slot[3])

        slot = min(slots, key=cost)
        used[slot[1:]] += 1
        offered.append(FirstDate(proposed, slot[1], slot[2], cost(slot)[0]))
    return offered


def _slots(organisation: Organisation, monday: date) -> Iterable[tuple]:
    """(which week, day, clock, how gladly) of every working day that isn't closed."""
    for week in range(TRIED):
        for gladly, (clock, day) in enumerate((clock, day) for clock in CLOCKS for day in DAYS):
            when = monday + timedelta(weeks=week, days=day)
            if not organisation.closed_because(when):
                yield week, when, clock, gladly


def _busy(people: set[int], slots) -> dict[int, list[tuple[datetime, datetime]]]:
    """When each of them meets in another group; one query."""
    if not slots:
        return {}
    first, last = slots[0][1], slots[-1][1]
    found = defaultdict(list)
    meetings = Meeting.objects.standing().filter(
        starts_at__date__gte=first - timedelta(days=7),
        starts_at__date__lte=last + timedelta(days=7),
        series__invitations__in=Invitation.objects.standing().filter(user__in=people),
    )
    for user, start, end in meetings.values_list(
        "series__invitations__user", "starts_at", "ends_at"
    ):
        found[user].append((start, end))
    return found


def _overlapping(organisation, busy, people: set[int], slot, minutes: int) -> int:
    start = organisation.at(slot[1], slot[2])
    end = start + timedelta(minutes=minutes)
    return sum(any(a < end and start < b for a, b in busy.get(one, [])) for one in people)


def start(composition: Composition, dates: dict[int, dict], by, at=None) -> list[Group]:
    """All or none, and twice is once: the groups, their seasons and invitations.

    `dates` are values of `Series` by proposed group. Raises ValidationError with the words.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # One proposal of an organisation at a time, so that two can't take the same name.
        Organisation.objects.select_for_update().get(pk=composition.organisation_id)
        held = Composition.objects.select_for_update().get(pk=composition.pk)
        made = composition.found_groups(at=at)
        if held.state == Composition.State.STARTED:
            return made
        for group in made:
            season = Series.first_thought(group, by=by)
            for name, value in dates[group.proposed_as.pk].items():
                setattr(season, name, value)
            season.planned_at = at
            season.clean()
            season.settle(at=at)
    return made
