"""An APV of area Nord, as far as a test needs it."""

from datetime import date

from tests import factories
from wellbeing.models import Apv, Finding, Seat

PURPOSE = "At vi kan holde til at være ledere her."


def make_nord(organisation):
    """A unit with a head, two leaders below it and their AMO representative from elsewhere."""
    birgitte = factories.make_user(organisation, "Birgitte Aagaard")
    nord = factories.make_unit(organisation, name="Område Nord", head=birgitte)
    birgitte.move_to_unit(nord)
    below = factories.make_unit(organisation, parent=nord)
    leaders = [
        factories.make_user(organisation, name, unit=below, manager=birgitte)
        for name in ("Karen Bro", "Søren Lind")
    ]
    amo = factories.make_user(organisation, "Anna Arbejdsmiljø")
    return nord, birgitte, leaders, amo


def make_apv(organisation, by, phase="map", **values) -> Apv:
    nord, _birgitte, leaders, amo = make_nord(organisation)
    apv = Apv.objects.begin(nord, by=by, purpose=PURPOSE, **values)
    apv.appoint(leaders[0], Seat.Role.LEADER)
    apv.appoint(amo, Seat.Role.AMO)
    if phase != Apv.Phase.FRAME:
        apv.go_to("map", leaders[0])
    if phase in ("act", "follow_up"):
        apv.consider_absence("Fraværet følger de uger, hvor vi er færrest.")
        apv.go_to(phase, leaders[0])
    return apv


def leader_of(apv):
    return apv.seats.filter(role="leader").first().person


def amo_of(apv):
    return apv.seats.get(role="amo").person


def find(apv, words="Vi bliver afbrudt hele dagen") -> Finding:
    theme = apv.themes.first()
    theme.apv = apv
    return Finding.objects.find(theme, words)


def assess(finding, by=None):
    by = by or leader_of(finding.theme.apv)
    return finding.assess("Det slider", "Alle fire huse", "Telefonen ligger hos lederen", by)


def propose(finding, what="Telefonen flyttes til vagten"):
    by = leader_of(finding.theme.apv)
    return finding.propose(what, by, date(2026, 12, 1), "Færre opkald om dagen", by)
