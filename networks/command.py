"""The rule of command: nobody shares a network group with their own manager, at any step.

The line of command of a person is the chain of nearest managers, and the heads of the person's
own unit and of all units above it (design: networks; domain.md section 3.2).
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

_LINE = """
chain(person, superior) AS (
    SELECT id, manager_id FROM networks_user WHERE id {whose}
    UNION
    SELECT chain.person, above.manager_id
    FROM chain JOIN networks_user above ON above.id = chain.superior
), places(person, unit) AS (
    SELECT id, unit_id FROM networks_user WHERE id {whose}
    UNION
    SELECT places.person, unit.parent_id
    FROM places JOIN networks_unit unit ON unit.id = places.unit
), line(person, superior) AS (
    SELECT person, superior FROM chain WHERE superior IS NOT NULL AND superior <> person
    UNION
    SELECT places.person, unit.head_id
    FROM places JOIN networks_unit unit ON unit.id = places.unit
    WHERE unit.head_id IS NOT NULL AND unit.head_id <> places.person
)
"""
LINE = f"""
WITH RECURSIVE {_LINE.format(whose="= ANY(%(people)s)")}
SELECT person, superior FROM line
"""
OVER = f"""
WITH RECURSIVE seats(seat, "group", person) AS (
    SELECT id, group_id, user_id FROM networks_membership
    WHERE left_at IS NULL AND group_id = ANY(%(groups)s)
), {_LINE.format(whose="IN (SELECT person FROM seats)")}
SELECT DISTINCT above.seat
FROM line
JOIN seats below ON below.person = line.person
JOIN seats above ON above.person = line.superior AND above."group" = below."group"
"""
LED = """
WITH RECURSIVE led(person) AS (
    SELECT %(person)s::bigint
    UNION
    SELECT below.id FROM led JOIN networks_user below ON below.manager_id = led.person
)
SELECT person FROM led
"""


MANAGERS = """
WITH RECURSIVE chain(superior) AS (
    SELECT manager_id FROM networks_user WHERE id = %(person)s
    UNION
    SELECT above.manager_id FROM chain JOIN networks_user above ON above.id = chain.superior
)
SELECT superior FROM chain WHERE superior IS NOT NULL
"""


def managers_above(person) -> set[int]:
    """The chain of nearest managers, at any step; ends in a circle too."""
    with connection.cursor() as cursor:
        cursor.execute(MANAGERS, {"person": person.pk})
        return {superior for (superior,) in cursor.fetchall()}


def superiors_of(people: Iterable[int]) -> dict[int, set[int]]:
    """Everybody above each of `people` (primary keys), at any step; one query."""
    above = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(LINE, {"people": list(people)})
        for person, superior in cursor.fetchall():
            above[person].add(superior)
    return above


def commands(one: int, others: Iterable[int]) -> set[int]:
    """Those of `others` who stand above or below `one`."""
    others = set(others) - {one}
    above = superiors_of({one, *others})
    return {other for other in others if other in above[one] or one in above[other]}


def over_somebody(groups: Iterable[int]) -> set[int]:
    """The memberships in these groups of whoever stands above somebody in the same; one query."""
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"groups": list(groups)})
        return {seat for (seat,) in cursor.fetchall()}


def with_all_led_by(person) -> list[int]:
    """The person, and everybody below them by nearest managers: whose line goes through them."""
    with connection.cursor() as cursor:
        cursor.execute(LED, {"person": person.pk})
        return [led for (led,) in cursor.fetchall()]
