"""A group that asks for care, one that rests, and two who have come to stand in one line."""

from datetime import datetime, timedelta

from meetings import standstill
from networks.models import Concern, Group


def keep_alive(organisation, cast, now: datetime) -> None:
    """Broen rests for a while, Ankeret has had no facilitator for nine days; and since Lise's team
    belongs under Tove's care home, Tove's place in Kompasset rests.
    """
    groups = {group.name: group for group in Group.objects.filter(organisation=organisation)}
    holder = groups["Broen"].memberships.standing().get(role="facilitator").user
    standstill.pause(
        groups["Broen"],
        holder,
        "Fire af os lægger budget i denne tid.",
        organisation.local_date(now) + timedelta(days=40),
        at=now - timedelta(days=3),
    )
    ankeret = groups["Ankeret"]
    ankeret.memberships.standing().get(role="facilitator").become("member")
    Concern.objects.open(Concern.Kind.NO_ROPE, ankeret, at=now - timedelta(days=9))
    cast["Lise Damgaard"].change_manager(cast["Tove Ørsted"])
