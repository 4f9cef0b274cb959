"""A small cast, as plain functions. Everything not named is right most days."""

from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from meetings.models import Meeting, Series
from networks.models import Composition, Group, Membership, Organisation, Unit, User

_numbers = count(1)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def make_organisation(name: str | None = None, begun: bool = True, **values) -> Organisation:
    return Organisation.found(
        name or f"Kommune {next(_numbers)}",
        begun_at=timezone.now() - timedelta(days=300) if begun else None,
        **{"keeps_hours": False} | values,
    )


def make_user(organisation: Organisation, name: str | None = None, **values) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        values.pop("email", f"person{number}@example.org"),
        name=name or f"Person {number}",
        organisation=organisation,
        **values,
    )


def make_unit(organisation: Organisation, **values) -> Unit:
    return Unit.objects.create(
        organisation=organisation, **{"name": f"Enhed {next(_numbers)}"} | values
    )


def make_group(organisation: Organisation, members=0, **values) -> Group:
    """A network group with that many members (or those people), the first its facilitator."""
    group = Group.objects.create(
        organisation=organisation,
        **{"kind": Group.Kind.NETWORK, "name": f"Gruppe {next(_numbers)}"} | values,
    )
    people = (
        members if isinstance(members, list) else [make_user(organisation) for _ in range(members)]
    )
    for position, person in enumerate(people):
        Membership.objects.create(
            group=group,
            user=person,
            role="member" if position or group.is_team else "facilitator",
            agreement=None if group.is_team else group.agreement,
            affirmed_at=timezone.now(),
            joined_at=timezone.now() - timedelta(days=100),
        )
    return group


def make_team(organisation: Organisation, members=0, begun: bool = True, **values) -> Group:
    """A leadership team with its senior manager, who isn't among the members."""
    senior = values.pop("senior_manager", None) or make_user(organisation)
    return make_group(
        organisation,
        members,
        kind=Group.Kind.TEAM,
        senior_manager=senior,
        begun_at=timezone.now() if begun else None,
        **values,
    )


def make_proposal(by: User, people: list[User], groups: int = 1) -> Composition:
    """New groups with these people, seated in turn as if the solver had."""
    composition = Composition.draft(by=by)
    composition.choose([one.pk for one in people], groups)
    composition.seat({one.pk: number % groups for number, one in enumerate(people)})
    Composition.objects.filter(pk=composition.pk).update(state=Composition.State.PROPOSED)
    composition.refresh_from_db()
    return composition


def make_series(group: Group, first: datetime | None = None, meetings: int = 1, **values) -> Series:
    """A planned season whose first meeting is in three days unless `first` says otherwise."""
    zone = group.organisation.zone
    first = (first or in_days(3)).astimezone(zone)
    interval = values.pop("interval_days", 14)
    series = Series(
        group=group,
        starts_on=first.date(),
        ends_on=first.date() + timedelta(days=interval * (meetings - 1)),
        interval_days=interval,
        time=first.time().replace(tzinfo=None),
        **{"place": "Rådhuset"} | values,
    )
    return series.settle(at=first - timedelta(days=30))


def make_meeting(group: Group, first: datetime | None = None, **values) -> Meeting:
    return make_series(group, first, **values).meetings.get()


def make_open_meeting(group: Group, **values) -> Meeting:
    meeting = make_meeting(group, **values)
    meeting.invite_proposals()
    return meeting


def in_days(days: int, clock: time = time(9)) -> datetime:
    """An ordinary day so many days ahead: the tests' clock stands on one (see conftest)."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def ordinary_day(organisation: Organisation) -> datetime:
    """Some days from now by the real clock, for what runs in a process of its own."""
    day = timezone.localdate() + timedelta(days=9)
    while not organisation.is_working_day(day) or organisation.closed_because(day):
        day += timedelta(days=1)
    return organisation.at(day, time(9))
