"""Between rows and the solver: looks up what counts, runs the search, writes what it found."""

import logging
from threading import Thread

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from networks import command
from networks.composition import LARGEST, Outcome, Person, Puzzle, Search, Wish, judge
from networks.models import Composition, Group, JoinRefused, Membership, Seat, Unit, User

logger = logging.getLogger(__name__)

TICK = 0.7  # seconds between two looks at how far the search is


# ---- what counts about people


def leading_leaders(people) -> set[int]:
    """Those who lead leaders; the others lead employees, who aren't in the house."""
    reports = User.objects.active().filter(manager__in=people, is_secretariat=False)
    below = Unit.objects.filter(parent__head__in=people, head__isnull=False).exclude(
        head=F("parent__head")
    )
    return set(reports.values_list("manager", flat=True)) | set(
        below.values_list("parent__head", flat=True)
    )


def look_up(composition: Composition) -> None:
    seats = list(composition.seats.select_related("user__unit"))
    people = [seat.user_id for seat in seats]
    above, leaders = command.superiors_of(people), leading_leaders(people)
    standing = Membership.objects.standing().filter(user__in=people)
    teams: dict[int, list[int]] = {}
    for user, team in standing.filter(group__kind=Group.Kind.TEAM).values_list("user", "group"):
        teams.setdefault(user, []).append(team)
    tending = set(standing.tending().values_list("user", flat=True))
    for seat in seats:
        unit = seat.user.unit
        seat.facts = {
            "level": "leaders" if seat.user_id in leaders else "employees",
            "circles": _circles(unit, sorted(teams.get(seat.user_id, []))),
            "above": sorted(above[seat.user_id] & set(people)),
            "tends": seat.user_id in tending,
        }
    Seat.objects.bulk_update(seats, ["facts"])


def _circles(unit: Unit | None, teams: list[int]) -> list:
    circles = [["team", team] for team in teams]
    if unit is None:
        return circles
    # An area's own people belong to the area as those do who work somewhere in it.
    area = unit.parent_id if unit.kind == Unit.Kind.WORKPLACE and unit.parent_id else unit.pk
    return [*circles, ["unit", unit.pk], ["area", area]]


def puzzle_of(composition: Composition, seats, groups, minding_swaps: bool = False) -> Puzzle:
    """`minding_swaps`: who asked to swap leaves their group, the others are best left alone."""
    numbers = {group.pk: group.number for group in groups}
    seated = {seat.user_id: numbers[seat.group_id] for seat in seats if seat.group_id in numbers}
    full = {group.number for group in groups if group.locked}
    locked = {
        seat.user_id: seated[seat.user_id]
        for seat in seats
        if seat.user_id in seated and (seat.locked or seated[seat.user_id] in full)
    }
    swapping = minding_swaps and any(seat.wants_swap for seat in seats)
    return Puzzle(
        people=tuple(_person(seat) for seat in seats),
        groups=composition.number_of_groups,
        wishes=tuple(
            Wish(frozenset(wish.keys), wish.pk, wish.by_id)
            for wish in composition.wishes.with_people()
        ),
        apart=frozenset(map(frozenset, composition.kept_apart.values_list("one", "other"))),
        locked=locked,
        away={
            seat.user_id: seated[seat.user_id]
            for seat in seats
            if swapping and seat.wants_swap and seat.user_id in seated
            if seat.user_id not in locked
        },
        now=seated if swapping else {},
        full=frozenset(full),
    )


def _person(seat: Seat) -> Person:
    facts = seat.facts
    return Person(
        seat.user_id,
        level=facts.get("level", ""),
        circles=frozenset(map(tuple, facts.get("circles", []))),
        above=frozenset(facts.get("above", [])),
    )


def _read(composition: Composition, minding_swaps: bool = False) -> Puzzle:
    seats = list(composition.seats.taken().order_by("user__sort_name", "user_id"))
    return puzzle_of(composition, seats, list(composition.groups.all()), minding_swaps)


# ---- the search


def compose(pk: int) -> None:
    """Search, tell how far it is, keep what was found. Harmless where another worker has it."""
    composition = Composition.objects.filter(pk=pk).first()
    run = composition and composition.claim()
    if not run:
        return
    try:
        composition.look_up()
        search = Search(_read(composition, minding_swaps=True), seconds=composition.seconds)
        outcome = _watch(composition, run, search)
    except Exception as error:
        # Only what kind of error: its words might name who is kept apart.
        logger.error("composition %s failed: %s", pk, type(error).__name__)
        mine = Composition.objects.filter(pk=pk, run=run, state=Composition.State.WORKING)
        mine.update(state=Composition.State.FAILED)
        return
    settle(composition, run, outcome)


def _watch(composition: Composition, run: int, search: Search) -> Outcome:
    """The search has a thread of its own, which never touches the database."""
    found: list = []

    def work():
        try:
            found.append(search.run())
        except Exception as error:
            found.append(error)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(TICK)
            if not composition.heartbeat(run, search.best, search.cost, search.bound):
                search.stop()
    finally:
        search.stop()
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def settle(composition: Composition, run: int, outcome: Outcome) -> None:
    with transaction.atomic():
        held = Composition.objects.select_for_update().get(pk=composition.pk)
        if held.run != run or held.state != Composition.State.WORKING:
            return  # another worker took over, or it was stopped
        held.best = {}
        if outcome.seating is not None:
            was = held.seat(outcome.seating)
            held.seats.update(wants_swap=False)
            held.undo = [*held.undo, was][-5:] if any(v is not None for v in was.values()) else []
            held.cost, held.bound, held.proven = outcome.cost, outcome.bound, outcome.proven
            held.state = Composition.State.PROPOSED
        else:
            held.demands = [
                {"what": one.what, "people": list(one.people), "group": one.group}
                for one in outcome.impossible
            ]
            held.state = Composition.State.IMPOSSIBLE
        held.save()


def compose_what_lies(now) -> None:
    """What a lost ring or a dead worker left."""
    for pk in list(Composition.objects.left_lying(now).values_list("pk", flat=True)):
        compose(pk)


# ---- starting


def refuse_what_cannot_start(composition: Composition) -> None:
    seats = list(composition.seats.taken())
    seating = {seat.user_id: seat.group.number for seat in seats if seat.group}
    if not judge(_read(composition), seating).keeps_the_rules:
        raise ValidationError(_("A rule is broken. The groups that are marked show which."))
    taken = Group.objects.filter(organisation=composition.organisation_id).values_list(
        "name", flat=True
    )
    taken = {name.casefold() for name in taken}
    for group in composition.groups.all():
        if group.name.casefold() in taken:
            raise ValidationError(
                _("There is a group called %(name)s already. Give the new one another name.")
                % {"name": group.name}
            )


def found(composition: Composition, proposed, at=None) -> Group:
    people = [seat.user for seat in proposed.seats.taken().in_order()]
    group = Group.objects.create(
        organisation=composition.organisation,
        kind=Group.Kind.NETWORK,
        name=proposed.name,
        purpose=proposed.purpose,
        size=min(LARGEST, max(Group._meta.get_field("size").default, len(people))),
        join_policy=Group.JoinPolicy.INVITED,
        **({"created_at": at} if at else {}),
    )
    for person in people:
        role = "facilitator" if person.pk == proposed.facilitator_id else "member"
        try:
            group.appoint(person, role=role, at=at)
        except JoinRefused as refused:
            raise ValidationError(
                _("A rule is broken. The groups that are marked show which.")
            ) from refused
    group.start()
    proposed.group = group
    proposed.save(update_fields=["group"])
    return group
