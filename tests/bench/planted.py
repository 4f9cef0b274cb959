"""Puzzles of which a good answer is known, since it was there first."""

from random import Random

from networks.composition import Person, Puzzle, Wish


def planted(leaders: int, groups: int, seed: int = 7) -> tuple[Puzzle, int]:
    """A puzzle, and how many of its wishes the planted seating meets.

    Everybody sits somewhere before a wish is made: most wish for people they sit with, one in ten
    for somebody they don't. Each area has a boss, who never sits with those of the area.
    """
    random = Random(seed)
    areas = max(2, leaders // 15)
    bosses = areas if leaders > 100 else 2
    seat = {one: one % groups for one in range(leaders)}
    area = {}
    for one in range(leaders):
        area[one] = random.randrange(areas)
    boss_of = {a: a for a in range(areas)} if bosses == areas else {0: 0, 1: 1}
    for a, boss in boss_of.items():
        area[boss] = a
    for one in range(leaders):
        if one in boss_of.values():
            continue
        open_areas = [a for a in range(areas) if seat.get(boss_of.get(a)) != seat[one]]
        area[one] = random.choice(open_areas)
    people = tuple(
        Person(
            one,
            level="leads employees",
            circles=frozenset({("area", area[one]), ("team", area[one])}),
            above=frozenset({boss_of[area[one]]} - {one}) if area[one] in boss_of else frozenset(),
        )
        for one in range(leaders)
    )
    wishes, met = [], 0
    for one in range(leaders):
        mates = [other for other in range(leaders) if other != one and seat[other] == seat[one]]
        if random.random() < 0.9:
            wishes.append(Wish(frozenset({one, random.choice(mates)}), key=len(wishes)))
            met += 1
        if random.random() < 0.5:
            wishes.append(Wish(frozenset({one, random.choice(mates)}), key=len(wishes)))
            met += 1
        if random.random() < 0.1:
            others = [other for other in range(leaders) if seat[other] != seat[one]]
            wishes.append(Wish(frozenset({one, random.choice(others)}), key=len(wishes)))
    apart = set()
    while len(apart) < leaders // 10:
        one, other = random.sample(range(leaders), 2)
        if seat[one] != seat[other]:
            apart.add(frozenset({one, other}))
    return Puzzle(people, groups, tuple(wishes), frozenset(apart)), met
