"""Who knocks, who waits, who holds the rope after whom, and a first date being found."""

from datetime import datetime, timedelta

from meetings.models import DateSearch
from networks.models import Group


def knock(cast, now: datetime) -> None:
    """Ellen asks to come into Karen's group, where all but Karen and Pia have answered; another
    group is full, and two stand in line.
    """
    fyret = _wider("Fyret", 8)
    asked = fyret.ask(cast["Ellen Højrup"], at=now - timedelta(days=2))
    for name in ("Jonas Lindgaard", "Dorte Nygaard", "Amir Haddad", "Ida Sander"):
        asked.say(cast[name], yes=True, at=now - timedelta(days=1))
    fyret.membership_of(cast["Dorte Nygaard"]).become("deputy")
    kompasset = Group.objects.get(name="Kompasset")
    for days, name in ((9, "Claus Ibsen"), (4, "Hanne Lyng")):
        kompasset.ask(cast[name], at=now - timedelta(days=days))


def find_a_date(cast, now: datetime) -> None:
    """The forming group has had some times offered."""
    group = _wider("Horisonten", 6)
    times = DateSearch.suggested(group.organisation, group.organisation.local_date(now))
    search = DateSearch(group=group, by=cast["Æmilie Roed"], place="Biblioteket, lokale 3")
    search.offer(times, at=now - timedelta(days=1))
    first, second, *_rest = search.times.order_by("starts_at")
    for member in group.participants():
        second.fits(member)
    first.fits(cast["Æmilie Roed"])


def _wider(name: str, size: int) -> Group:
    group = Group.objects.get(name=name)
    group.size = size
    group.reword()
    return group
