"""The secretariat has a proposal for next year's network groups lying, not shown to anybody yet."""

from datetime import datetime

from networks import composing
from networks.models import Composition, User

WISHES = [
    ["Karen Holm", "Dorte Nygaard"],
    ["Dorte Nygaard", "Karen Holm"],
    ["Amir Haddad", "Jonas Lindgaard"],
    ["Fatima Rahimi", "Zeynep Demir"],
    ["Ole Ravnkilde", "Lars Bisgaard"],
    ["Lars Bisgaard", "Gitte Malling"],
    ["Ida Sander", "Gitte Malling", "Æmilie Roed"],
    ["Hanne Lyng", "Bente Krogh"],
    ["Bente Krogh", "Åse Winther"],
    ["Tove Ørsted", "Ellen Højrup"],
    ["Steffen Lund", "Rasmus Toft"],
    ["Claus Ibsen", "Søren Ebbesen"],
    ["Nikolaj Frost", "Pia Overgaard"],
    ["Pia Overgaard", "Lise Damgaard"],
    ["Mikkel Brandt", "Thomas Vestergaard"],
    ["Hanne Lyng", "Karen Holm"],
    ["Tove Ørsted", "Karen Holm"],
    ["Claus Ibsen", "Karen Holm"],
    ["Lise Damgaard", "Dorte Nygaard"],
    ["Rasmus Toft", "Amir Haddad"],
    ["Pia Overgaard", "Fatima Rahimi"],
    ["Ellen Højrup", "Ole Ravnkilde"],
    ["Ulla Aabo", "Zeynep Demir"],
    ["Jeppe Aarslev", "Søren Ebbesen"],
]
APART = ("Ulla Aabo", "Jeppe Aarslev")
PURPOSE = "Vi deler det, der er svært, med nogen, der kender det."


def propose_groups(cast: dict[str, User], now: datetime) -> None:
    composition = Composition.draft(by=cast["Lone Østergaard"], at=now)
    composition.choose_usual(also_members=True)
    here = set(composition.seats.values_list("user_id", flat=True))
    for names in WISHES:
        people = [cast[name] for name in names]
        if {one.pk for one in people} <= here:
            composition.wish(people)
    composition.keep_apart(*(cast[name] for name in APART))
    composition.ask_for_proposal(seconds=5, at=now)
    composing.compose(composition.pk)
    composition.groups.filter(number=0).update(purpose=PURPOSE)
