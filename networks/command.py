"""The rule of command: nobody shares a network group with their own manager, at any step.

The line of command of a person is the chain of nearest managers, and the heads of the person's
own unit and of all units above it (design: networks; domain.md section 3.2).
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

LINE = """
WITH RECURSIVE chain(person, superior) AS (
    SELECT id, manager_id FROM networks_user WHERE id = ANY(%(people)s)
    UNION
    SELECT chain.person, above.manager_id
    FROM chain JOIN networks_user above ON above.id = chain.superior
), places(person, unit) AS (
    SELECT id, unit_id FROM networks_user WHERE id = ANY(%(people)s)
    UNION
    SELECT places.person, unit.parent_id
    FROM places JOIN networks_unit unit ON unit.id = places.unit
)
SELECT person, superior FROM chain WHERE superior IS NOT NULL AND superior <> person
UNION
SELECT places.person, unit.head_id
FROM places JOIN networks_unit unit ON unit.id = places.unit
WHERE unit.head_id IS NOT NULL AND unit.head_id <> places.person
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
