"""Tells the story: the organisation, then months of meetings, then what is open now.

Every step is the verb that the pages call, with `at=` for when it happened.
"""

from datetime import date, datetime, time, timedelta
from itertools import cycle, islice

from django.db import transaction
from django.db.models import F

from meetings.demo import (
    agenda,
    apv,
    care,
    coach,
    composing,
    dates,
    decisions,
    doors,
    outcome,
    peers,
    people,
    people_in,
    rooms,
    sparring,
    taps,
    theme_days,
    thread,
    words,
)
from meetings.models import Invitation, Meeting, Series
from meetings.reconciling import reconcile
from networks.models import ClosingPeriod, Group, Organisation, Unit, User
from notifications.models import Delivery

BACK = 9  # meetings behind us


def tell(now: datetime) -> None:
    with transaction.atomic():
        begun = now - timedelta(days=14 * BACK + 21)
        organisation = found(people.ORGANISATION, begun)
        close_some_weeks(organisation, now.astimezone(organisation.zone).year)
        cast = hire(organisation, begun)
        secretary = cast[people.SECRETARIAT[0]]
        guideposts = theme_days.hold(cast, secretary, begun)
        teams(organisation, cast, guideposts, begun, now)
        decisions.begin_with_the_guideposts(cast["Birgitte Aagaard"], now)
        networks(organisation, cast, begun, now)
        composing.propose_groups(cast, now)
        sparring.help_one_another(organisation, cast, now)
        neighbour(begun, now)
        agenda.live(organisation, now)
        outcome.agree_and_try(organisation, now)
        taps.tap(organisation, now)
        people_in.come_in(cast[people.SECRETARIAT[0]], begun, now)
        dates.go_on_otherwise(organisation, now)
        care.keep_alive(organisation, cast, now)
        rooms.be_under_way(organisation, cast, now)
        coach.start(cast, secretary, now)
        remember_what_was_sent(now)
        coach.free_a_seat(organisation, now)
        doors.knock(cast, now)
        doors.find_a_date(cast, now)
        theme_days.open_board(cast, secretary, now)
        theme_days.fill_the_shelf(secretary)
        peers.share(cast, now)
        peers.be_there(cast)
        thread.live_on(organisation, now)
        reconcile(at=now)


def found(name: str, begun: datetime) -> Organisation:
    organisation = Organisation.found(name, keeps_hours=False, elsewhere=people.ELSEWHERE)
    organisation.begin(at=begun)
    return organisation


def close_some_weeks(organisation: Organisation, year: int) -> None:
    """Winter break, three weeks of July, week 42, Christmas: by ISO week, for three years."""
    for one in (year - 1, year, year + 1):
        weeks = [("Vinterferie", 8, 8), ("Sommerferie", 29, 31), ("Efterårsferie", 42, 42)]
        for name, first, last in weeks:
            ClosingPeriod.objects.create(
                organisation=organisation,
                name=name,
                starts_on=date.fromisocalendar(one, first, 1),
                ends_on=date.fromisocalendar(one, last, 7),
            )
        ClosingPeriod.objects.create(
            organisation=organisation,
            name="Juleferie",
            starts_on=date(one, 12, 23),
            ends_on=date(one + 1, 1, 1),
        )


def hire(organisation: Organisation, begun: datetime) -> dict[str, User]:
    """Everybody by name, with their place in the tree and their nearest manager."""
    cast: dict[str, User] = {}

    def employ(person, unit, manager=None, **values):
        name, title = person
        cast[name] = User.objects.create_user(
            email_of(name, people.DOMAIN),
            name=name,
            title=title,
            organisation=organisation,
            unit=unit,
            manager=manager,
            date_joined=begun,
            phone=f"99 31 {len(cast) + 10:02d} 00",
            **values,
        )
        return cast[name]

    top = Unit.objects.create(
        organisation=organisation, kind="administration", name="Ældre og Handicap"
    )
    director = employ(people.DIRECTOR, top)
    employ(people.SECRETARIAT, top, director, is_secretariat=True)
    appoint_head(top, director)
    for name, area in people.AREAS.items():
        unit = Unit.objects.create(organisation=organisation, parent=top, kind="area", name=name)
        senior = employ(area["senior"], unit, director)
        appoint_head(unit, senior)
        for person in area["leaders"]:
            workplace = Unit.objects.create(
                organisation=organisation,
                parent=unit,
                kind="workplace",
                name=person[1].partition(", ")[2],
            )
            appoint_head(workplace, employ(person, workplace, senior))
    return cast


def appoint_head(unit: Unit, head: User) -> None:
    unit.head = head
    unit.save(update_fields=["head"])


def email_of(name: str, domain: str) -> str:
    plain = name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return ".".join(plain.split()) + "@" + domain


# ---- leadership teams ---------------------------------------------------------------------


def teams(organisation, cast, guideposts, begun: datetime, now: datetime) -> None:
    open_day = day_with_open_agenda(organisation, now)
    for area, offset in zip(people.AREAS, (0, 7), strict=True):
        group = form_team(organisation, cast, area, begun)
        first = open_day + timedelta(days=offset - 14 * BACK)
        series = Series(
            group=group,
            starts_on=first,
            ends_on=open_day + timedelta(days=offset + 14 * 5),
            time=time(9),
            place="Rådhuset, lokale Fjorden" if offset == 0 else "Plejecenter Lindehøj, mødesalen",
            opens_days_before=max(7, (open_day - now.astimezone(organisation.zone).date()).days),
            planned_by=group.senior_manager,
            planned_at=begun,
        ).settle(at=begun)
        leaders = [cast[name] for name, _title in people.AREAS[area]["leaders"]]
        with_apv = cast[people.SECRETARIAT[0]] if offset == 0 else None
        live_through(series, leaders, guideposts, now, apv.Tale(group, now, begun_by=with_apv))


def day_with_open_agenda(organisation, now: datetime) -> date:
    """A working day ahead of which an agenda is open just now."""
    day = now.astimezone(organisation.zone).date() + timedelta(days=3)
    while not organisation.is_working_day(day) or organisation.closed_because(day):
        day += timedelta(days=1)
    while organisation.at(organisation.working_day_before(day), time(8)) <= now + timedelta(
        hours=12
    ):
        day += timedelta(days=1)
    return day


def form_team(organisation, cast, area: str, begun: datetime) -> Group:
    senior = cast[people.AREAS[area]["senior"][0]]
    group = Group.objects.create(
        organisation=organisation,
        kind=Group.Kind.TEAM,
        unit=senior.unit,
        name=f"Ledergruppen i {area[0].lower()}{area[1:]}",
        purpose="Proces og dialog, ikke drift.",
        senior_manager=senior,
        created_at=begun,
    )
    group.start()
    for name, _title in people.AREAS[area]["leaders"]:
        group.appoint(cast[name], at=begun)
    group.begin(words=words.OPENING_WORDS, at=begun)
    return group


def live_through(series: Series, leaders: list[User], guideposts, now: datetime, tale) -> None:
    """Each past meeting as it went: opened, asked, supported, composed, held; then the open one.
    Its APV goes on beside it.
    """
    asked, askers = cycle(words.ASKED), cycle(leaders)
    for meeting in series.meetings.order_by("starts_at"):
        if meeting.agenda_opens_at > now:
            break
        tale.go_on_to(meeting.agenda_opens_at)
        meeting.invite_proposals(at=meeting.agenda_opens_at)
        if meeting.agenda_closes_at > now:
            ask(meeting, words.OPEN_NOW, askers, leaders, guideposts)
            meeting.park(words.PARKED, by=leaders[0], at=now)
            break
        number = 1 if tale.to_talk_about else 3
        ask(meeting, islice(asked, number), askers, leaders, guideposts)
        tale.before(meeting)
        meeting.compose_agenda(at=meeting.agenda_closes_at)
        if meeting.ends_at <= now:
            rooms.hold(meeting, leaders, now)
            tale.after(meeting)
    tale.go_on_to(now)


def ask(meeting: Meeting, questions, askers, leaders, guideposts) -> None:
    for number, (question, support, guidepost) in enumerate(questions):
        by = next(askers)
        item = meeting.propose(
            question,
            by=by,
            guidepost=None if guidepost is None else guideposts[guidepost],
            at=meeting.agenda_opens_at + timedelta(hours=3 * number + 1),
        )
        others = [leader for leader in leaders if leader != by]
        start = 5 * item.pk % len(others)
        for other in (others + others)[start : start + support]:
            item.support_by(other)


# ---- network groups -----------------------------------------------------------------------


def networks(organisation, cast, begun: datetime, now: datetime) -> None:
    for number, (name, (purpose, members)) in enumerate(people.NETWORKS.items()):
        group = form_network(organisation, cast, name, purpose, members, begun)
        group.start()
        meet(group, now, days_ahead=number * 9, has_agenda=number % 2 == 1)
    name, purpose, members = people.FORMING
    form_network(organisation, cast, name, purpose, members, now - timedelta(days=5))


def form_network(organisation, cast, name, purpose, members, at) -> Group:
    group = Group.objects.create(
        organisation=organisation,
        kind=Group.Kind.NETWORK,
        name=name,
        purpose=purpose,
        created_at=at,
    )
    group.appoint(cast[members[0]], role="facilitator", at=at).affirm(at=at)
    for member in members[1:]:
        group.join(cast[member], at=at)
    return group


def meet(group: Group, now: datetime, days_ahead: int, has_agenda: bool) -> None:
    """Every five weeks; with `days_ahead` 0 the next meeting is today."""
    organisation = group.organisation
    local = now.astimezone(organisation.zone)
    clock = soon(local) if days_ahead == 0 else time(13)
    day = local.date() + timedelta(days=days_ahead)
    while days_ahead and not organisation.is_working_day(day):
        day += timedelta(days=1)
    series = Series(
        group=group,
        starts_on=day - timedelta(days=35 * 3),
        ends_on=day + timedelta(days=35 * 3),
        interval_days=35,
        time=clock,
        minutes=120 if clock.hour < 21 else 45,
        place="Biblioteket, lokale 3",
        has_agenda=has_agenda,
        planned_at=group.created_at,
        planned_by=group.memberships.get(role="facilitator").user,
    ).settle(at=group.created_at)
    for meeting in series.meetings.order_by("starts_at"):
        if meeting.agenda_closes_at <= now:
            meeting.compose_agenda(at=meeting.agenda_closes_at)
        if meeting.ends_at <= now:
            meeting.end()


def soon(local: datetime) -> time:
    """Ten to fifteen minutes away, so that it can be begun at once; never at night."""
    if local.hour < 7:
        return time(9)
    later = local + timedelta(minutes=10)
    later += timedelta(minutes=-later.minute % 5)
    return (
        time(23, 10)
        if later.date() > local.date() or later.hour >= 23
        else time(later.hour, later.minute)
    )


# ---- around it ----------------------------------------------------------------------------


def neighbour(begun: datetime, now: datetime) -> None:
    """Another organisation, which sees nothing of the first."""
    organisation = found(people.NEIGHBOUR, begun)
    unit = Unit.objects.create(organisation=organisation, kind="area", name="Skole og Dagtilbud")
    cast = {}
    for name, title in [("Peter Vang", "Skoleleder"), ("Marie Bork", "Dagtilbudsleder")]:
        cast[name] = User.objects.create_user(
            email_of(name, people.NEIGHBOUR_DOMAIN),
            name=name,
            title=title,
            organisation=organisation,
            unit=unit,
        )
    form_network(organisation, cast, "Lysningen", "Vi mødes på tværs.", list(cast), begun)


def remember_what_was_sent(now: datetime) -> None:
    """What the months behind us sent was sent then: only mail about what is to come is due."""
    for invitation in Invitation.objects.select_related("entry"):
        invitation.entry.reserve()
        invitation.entry.tell(invitation.as_it_stands(invitation.created_at))
    coming = Meeting.objects.filter(starts_at__gt=now).values("pk")
    about_meetings = ["meetings.opening", "meetings.agenda", "meetings.reminder"]
    gone = Delivery.objects.filter(state=Delivery.State.DUE).exclude(
        subject_id__in=coming, kind__in=about_meetings
    )
    gone.update(state=Delivery.State.SENT, sent_at=F("due_at"))
