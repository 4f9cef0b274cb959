"""Whom the rule of command keeps apart by now, and which groups would fit instead."""

from collections import defaultdict

from django.db.models import F

from networks import command
from networks.models import Concern, Group, Membership

LOOKED_AT, NAMED = 40, 3  # groups with a place


def explain(concerns: list[Concern]) -> None:
    """Gives each of these, about people whose place rests, `below`: the members they stand above;
    and `fitting`: groups with a place in which nobody stands above or below them. Three queries.
    """
    concerns = [one for one in concerns if one.kind == Concern.Kind.COMMAND]
    if not concerns:
        return
    candidates = _with_a_place(concerns[0].group.organisation_id)
    here = {one.group_id for one in concerns} | {group.pk for group in candidates}
    seats = Membership.objects.kept().filter(group__in=here).select_related("user")
    members = defaultdict(list)
    for seat in seats.order_by("user__sort_name", "user_id"):
        members[seat.group_id].append(seat)
    people = {seat.user_id for each in members.values() for seat in each}
    above = command.superiors_of(people | {one.person_id for one in concerns})
    for one in concerns:
        here = members[one.group_id]
        one.below = [seat for seat in here if one.person_id in above[seat.user_id]]
        one.fitting = [
            group for group in candidates if _fits(one.person_id, members[group.pk], above)
        ][:NAMED]


def _with_a_place(organisation: int) -> list[Group]:
    """Forming ones first: there one comes in with one tap."""
    living = Group.objects.filter(
        organisation=organisation, kind=Group.Kind.NETWORK, status__in=Group.LIVING
    )
    free = living.with_doors().filter(members__lt=F("size") - F("kept"))
    return list(free.order_by("status", "name", "pk")[:LOOKED_AT])


def _fits(person: int, seats: list[Membership], above: dict[int, set[int]]) -> bool:
    others = {seat.user_id for seat in seats}
    below = any(person in above[other] for other in others)
    return person not in others and not below and not above[person] & others
