"""A table of leaders beside the organisation as it is: what each line would change.

Plain data in, plain data out: nothing is asked of the database or written to it here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from networks.imports import LONGEST, Line, address_of, in_order

PHONE = re.compile(r"[0-9 +()-]{0,30}")


@dataclass
class Known:
    """Somebody who is in the organisation already."""

    pk: int
    name: str
    email: str
    title: str
    phone: str
    unit: int | None
    manager: int | None
    active: bool = True


@dataclass(eq=False)
class Place:
    """A unit, there already (`pk`) or new."""

    name: str
    parent: "Place | None" = None
    pk: int | None = None
    head: int | None = None
    level: str = "workplace"

    @property
    def way(self) -> list["Place"]:
        """From here to the top."""
        return [self, *(self.parent.way if self.parent else [])]

    def __str__(self):
        return self.name


@dataclass
class Found:
    """What a line comes to. `reasons` are (word, details), put into a sentence where it is read.

    `manager` is the key of somebody known, or the address of somebody new.
    """

    line: Line
    verdict: str
    person: int | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    reasons: list[list] = field(default_factory=list)
    unit: Place | None = None
    manager: int | str | None = None

    def says(self) -> tuple:
        """What was shown of it, to tell whether it is still so."""
        return self.verdict, self.person, self.changes


NEW, CHANGED, SAME, UNCLEAR = "new", "changed", "same", "unclear"


class Comparison:
    """A table beside the organisation as it is."""

    def __init__(
        self,
        people: Iterable[Known],
        units: Iterable[Place],
        *,
        elsewhere: Iterable[str] = (),
        left: Iterable[str] = (),
    ):
        """`elsewhere` are addresses of other organisations, `left` those of people who left."""
        self.people = {person.pk: person for person in people}
        self.by_email = {person.email: person for person in self.people.values()}
        self.by_name = defaultdict(list)
        for person in self.people.values():
            if person.active:
                self.by_name[folded(person.name)].append(person.pk)
        self.elsewhere, self.left = set(elsewhere), set(left)
        self.units = {unit.pk: unit for unit in units}
        self.places = list(self.units.values())
        self.named = defaultdict(list)
        for place in self.places:
            self.named[folded(place.name)].append(place)
        self.managers: dict[int | str, int | str | None] = {
            person.pk: person.manager for person in self.people.values()
        }

    def compare(self, lines: Sequence[Line], progress=lambda done: None) -> list[Found]:
        self.addresses = {line.email for line in lines}
        first_with: dict[str, Line] = {}
        twice = self._contradicting(lines)
        found = []
        for line in lines:
            one = self._judge(line, first_with.get(line.email), twice)
            first_with.setdefault(line.email, line)
            found.append(one)
        self.new = {one.line.email: one for one in found if one.verdict == NEW}
        for email, one in self.new.items():
            self.by_name[folded(one.line.name)].append(email)
        written = [one for one in found if one.verdict != UNCLEAR]
        for one in written:
            if one.person and folded(one.line.name) != folded(self.people[one.person].name):
                self.by_name[folded(one.line.name)].append(one.person)
        for number, one in enumerate(written):
            self._place(one)
            if number % 500 == 0:
                progress(number)
        for one in written:
            self._manage(one)
        self._break_cycles({self._key(one): one for one in written})
        for one in written:
            self._settle(one)
        return found

    @property
    def new_places(self) -> list[Place]:
        """Above before below."""
        return [place for place in self.places if place.pk is None]

    def missing(self, found: Iterable[Found]) -> list[Known]:
        """Who is here and not in the table."""
        there = {one.line.email for one in found}
        return [
            person for person in self.people.values() if person.active and person.email not in there
        ]

    # ---- can the line be understood at all?

    def _judge(self, line: Line, before: Line | None, twice: dict[str, list[int]]) -> Found:
        if reason := self._trouble(line, before, twice):
            return Found(line, UNCLEAR, reasons=[reason])
        known = self.by_email.get(line.email)
        if known:
            return Found(line, SAME, person=known.pk)
        return Found(line, NEW)

    def _trouble(self, line: Line, before: Line | None, twice) -> list | None:
        if not line.email:
            return ["no_email", {}]
        if not line.name:
            return ["no_name", {}]
        if len(line.name) > LONGEST or any(len(name) > LONGEST for name in line.unit):
            return ["too_long", {"most": LONGEST}]
        try:
            validate_email(line.email)
        except ValidationError:
            return ["bad_email", {"email": line.email[:LONGEST]}]
        if line.email in twice:
            others = [number for number in twice[line.email] if number != line.number]
            return ["contradicts", {"lines": others[:5]}]
        if before:
            return ["twice", {"line": before.number}]
        known = self.by_email.get(line.email)
        if known:
            return None if known.active else ["turned_off", {}]
        if line.email in self.elsewhere:
            return ["elsewhere", {}]
        if line.email in self.left:
            return ["left", {}]
        return self._namesake(line)

    def _namesake(self, line: Line) -> list | None:
        """Somebody of that name who isn't in the table may have a new address."""
        for pk in self.by_name.get(folded(line.name), []):
            person = self.people[pk]
            if person.email not in self.addresses:
                return ["namesake", {"person": pk, "email": person.email}]
        return None

    @staticmethod
    def _contradicting(lines: Sequence[Line]) -> dict[str, list[int]]:
        """Addresses that stand on several lines which don't say the same."""
        by_email = defaultdict(list)
        for line in lines:
            if line.email:
                by_email[line.email].append(line)
        return {
            email: [line.number for line in several]
            for email, several in by_email.items()
            if len({replace(line, number=0) for line in several}) > 1
        }

    # ---- where do they belong?

    def _place(self, one: Found) -> None:
        names = one.line.unit
        for length in range(len(names), 0, -1):
            there = self._places(names[:length])
            if not there:
                continue
            mine = [place for place in there if one.person and place.pk == self._unit_of(one)]
            highest = min(len(place.way) for place in there)
            best = mine or [place for place in there if len(place.way) == highest]
            if len(best) > 1:
                one.reasons.append(["ambiguous_unit", {"unit": names[length - 1]}])
                return
            one.unit = self._found_below(best[0], one.line, length)
            return
        one.unit = self._found_below(None, one.line, 0)

    def _places(self, names: Sequence[str]) -> list[Place]:
        """Units of the last name that lie somewhere below the others."""
        *above, name = [folded(name) for name in names]
        found = []
        for place in self.named[name]:
            steps = (folded(step.name) for step in place.way[1:])
            if all(any(step == wanted for step in steps) for wanted in reversed(above)):
                found.append(place)
        return found

    def _found_below(self, here: Place | None, line: Line, known: int) -> Place | None:
        for name, level in list(zip(line.unit, line.levels, strict=True))[known:]:
            here = Place(name, here, level=level)
            self.places.append(here)
            self.named[folded(name)].append(here)
        return here

    def _unit_of(self, one: Found) -> int | None:
        return self.people[one.person].unit if one.person else None

    # ---- who leads them?

    def _key(self, one: Found) -> int | str:
        return one.person or one.line.email

    def _manage(self, one: Found) -> None:
        """By address, by name, or without either the head of the unit."""
        me, text = self._key(one), one.line.manager
        before = self._before(one)
        one.manager = before
        found = self._named_manager(one, text) if text else None
        if found == me:  # lists name the head on every line of a unit, on the head's own too
            found, text = None, ""
        if found is None and text:
            return
        if found is None and before is None:
            found = self._head_above(one)
        if found is not None:
            one.manager = self.managers[me] = found
        else:
            self.managers.setdefault(me, None)

    def _named_manager(self, one: Found, text: str) -> int | str | None:
        address = address_of(text)
        if "@" in address:
            known = self.by_email.get(address)
            if known and known.active:
                return known.pk
            if address in self.new:
                return address
            one.reasons.append(["unknown_manager", {"manager": text[:LONGEST]}])
            return None
        name = folded(in_order(re.sub(r"\s*\(.*\)$", "", text)))
        named = self.by_name.get(name, [])
        heads = [place.head for place in self._way_of(one) if place.head in named]
        if heads:
            return heads[0]
        if len(named) == 1:
            return named[0]
        word = "several_managers" if named else "unknown_manager"
        one.reasons.append([word, {"manager": text[:LONGEST]}])
        return None

    def _way_of(self, one: Found) -> list[Place]:
        here = one.unit
        if here is None and one.person:
            here = self.units.get(self._unit_of(one))
        return here.way if here else []

    def _head_above(self, one: Found) -> int | None:
        for place in self._way_of(one):
            if place.head and place.head != one.person and self.people[place.head].active:
                return place.head
        return None

    def _break_cycles(self, written: dict[int | str, Found]) -> None:
        """Whoever would end up above themselves keeps the manager they had."""
        while cycles := self._cycles(written):
            for cycle in cycles:
                names = [self._name(key) for key in cycle][:4]
                for one in filter(self._differs, map(written.get, cycle)):
                    one.reasons.append(["cycle", {"names": names}])
                    one.manager = self.managers[self._key(one)] = self._before(one)

    def _before(self, one: Found) -> int | None:
        return self.people[one.person].manager if one.person else None

    def _differs(self, one: Found | None) -> bool:
        return one is not None and one.manager != self._before(one)

    def _cycles(self, written) -> list[list[int | str]]:
        """Those that a line of the table would make: what was there before isn't ours to mend."""
        clear, cycles = {None}, []
        for start in written:
            seen: dict[int | str | None, int] = {}
            here = start
            while here not in clear and here not in seen:
                seen[here] = len(seen)
                here = self.managers.get(here)
            if here not in clear:
                cycle = list(seen)[seen[here] :]
                if any(self._differs(written.get(key)) for key in cycle):
                    cycles.append(cycle)
            clear.update(seen)
        return cycles

    def _name(self, key: int | str | None) -> str:
        if key is None:
            return ""
        return self.new[key].line.name if isinstance(key, str) else self.people[key].name

    # ---- so what would change?

    def _settle(self, one: Found) -> None:
        line = one.line
        phone, title = line.phone, line.title
        if not PHONE.fullmatch(phone):
            one.reasons.append(["bad_phone", {"phone": phone[:30]}])
            phone = ""
        if len(title) > LONGEST:
            one.reasons.append(["long_title", {"most": LONGEST}])
            title = ""
        known = self.people.get(one.person)
        was = self.units.get(known.unit) if known else None
        for name, old, new in [
            ("name", known.name if known else "", line.name),
            ("title", known.title if known else "", title),
            ("phone", known.phone if known else "", phone),
            ("unit", _way_in_words(was), _way_in_words(one.unit)),
            ("manager", self._name(known.manager) if known else "", self._name(one.manager)),
        ]:
            # an empty cell takes nothing away
            if new and (new != old or (name == "manager" and self._differs(one))):
                one.changes[name] = [old, new]
        if known and one.unit is was:
            one.changes.pop("unit", None)
        if known and one.changes:
            one.verdict = CHANGED


def folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _way_in_words(place: Place | None) -> str:
    return " › ".join(str(step) for step in reversed(place.way)) if place else ""
