"""A friendly look at what somebody is about to say in a room where it can be read: does it name a
person, or somebody's health? It warns, it never stops anybody.
"""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from networks.models import Organisation, User

MOST_WORDS = 60

# Beginnings of words, in Danish and English.
HEALTH = re.compile(
    r"\b(syg|sygem|sygdom|stress|depress|angst|anxiety|diagnos|adhd|autis|bipolar|kræft|cancer|"
    r"gravid|pregnan|abort|medicin|medicat|psykolog|psykiat|psycholog|psychiat|alkohol|alcohol|"
    r"misbrug|migræne|migraine|blodprop|hospital|indlagt|terapi|therap|udbrændt|burnout|burnt out|"
    r"nedbrud|selvmord|suicid|fleksjob|handicap|sick|ill\b|illness)",
    re.IGNORECASE,
)


def warnings(text: str, organisation: Organisation) -> list[str]:
    found = []
    if name := _person_in(text, organisation):
        found.append(
            _("“%(name)s” is the name of somebody here. Can it be said without?") % {"name": name}
        )
    if health := HEALTH.search(text):
        word = re.match(r"[\w-]+", text[health.start() :])[0]
        found.append(
            _("“%(word)s” is about health. Say what at work it is about, and not how somebody is.")
            % {"word": word}
        )
    return found


def _person_in(text: str, organisation: Organisation) -> str:
    """The first word with a capital that is the first or last name of somebody here."""
    words = list(dict.fromkeys(re.findall(r"\b[A-ZÆØÅÄÖÉÜ][\w-]+", text)))[:MOST_WORDS]
    # the owner's s: "Karens møder"
    tried = dict.fromkeys([*words, *[word[:-1] for word in words if word[-1] == "s"]])
    called = Q()
    for word in tried:
        if len(word) > 1:
            called |= Q(name__istartswith=f"{word} ") | Q(name__iendswith=f" {word}")
    if not called:
        return ""
    people = User.objects.active().filter(called, organisation=organisation)
    names = people.values_list("name", flat=True)[:MOST_WORDS]
    here = {part.casefold() for name in names for part in (name.split()[0], name.split()[-1])}
    return next((word for word in tried if word.casefold() in here), "")
