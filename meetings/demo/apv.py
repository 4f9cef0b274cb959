"""The APV of area Nord, half way: two themes covered, something solved, something asked for."""

from datetime import datetime, timedelta

from networks.models import Group, Organisation
from wellbeing.models import Apv, Finding, Guidepost, Seat, Statement

PURPOSE = "At vi kan blive ved med at være ledere her, også om fem år."
SAID = [
    "Jeg svarer telefonen under MUS, for ellers ringer de til aftenvagten.",
    "Vi siger ja i gangen og fortryder i bilen.",
]


def half_way(organisation: Organisation, now: datetime) -> None:
    team = Group.objects.get(organisation=organisation, senior_manager__name="Birgitte Aagaard")
    unit, senior = team.unit, team.senior_manager
    leaders = [one.user for one in team.memberships.standing().in_order()]
    others = organisation.people.active().exclude(unit__in=unit.with_all_below())
    amo = others.filter(is_secretariat=False, heads__kind="workplace").in_order().first()
    begun = now - timedelta(days=100)
    apv = Apv.objects.begin(unit, by=senior, purpose=PURPOSE, at=begun)
    for leader in leaders[:2]:
        apv.appoint(leader, Seat.Role.LEADER)
    apv.appoint(amo, Seat.Role.AMO)
    for guidepost in Guidepost.objects.filter(organisation=organisation, unit=unit).standing()[:3]:
        apv.add_theme(guidepost=guidepost)
    apv.go_to("map", leaders[0], at=now - timedelta(days=90))
    workload, demands = (apv.themes.get(heading=one) for one in ("workload", "demands"))
    for theme, days in [(workload, 70), (demands, 28)]:
        theme.cover((now - timedelta(days=days)).date(), str(team))
    solved = Finding.objects.find(workload, "Alle ledere får kopi af alle vagtmails.", voices=8)
    solved.solve_at_once("Vagtmails går nu kun til den, der har vagten.")
    phone = Finding.objects.find(workload, "Vagttelefonen ligger hos lederen, altid.", voices=6)
    phone.assess("Det tager nattesøvnen", "I alle huse", "Vi har altid gjort sådan", leaders[0])
    apv.consider_absence("Set under ét følger fraværet de uger, hvor vi har flest vagter.")
    by_when = (now + timedelta(days=40)).date()
    shared = phone.propose(
        "Vagttelefonen går på skift", leaders[1], by_when, "To frinætter om ugen", leaders[0]
    )
    shared.reply("yes", "Det skulle vi have gjort for længst.", senior, at=now - timedelta(days=8))
    phone.propose(
        "En fast afløser i ferierne", senior, by_when, "Ingen ringer i ferien", leaders[0]
    )
    for text in SAID:
        Statement.objects.say(demands, text)
