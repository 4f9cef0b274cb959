"""What the secretariat tends: leaders, units, lists that come in."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, row

LIST = "Navn;E-mail\nNy Nielsen;ny.nielsen@havby.example\n"
PERSON = {"name": "Leder Lund", "email": "leder.lund@havby.example", "language": "da"}
UNIT = {"name": "Område Vest", "kind": "area"}


def _office(url, method, thing, what, sends=None, hidden=False):
    gets = HIDDEN if hidden else SEES if method == GET else DOES
    return row(url, method, thing, what, NOT_ALLOWED, sends, secretariat=gets)


PEOPLE = [
    _office("networks:people", GET, "", "all leaders"),
    _office("networks:people_csv", GET, "", "all leaders, as CSV"),
    _office("networks:people_xlsx", GET, "", "all leaders, as a workbook"),
    _office("networks:person_new", GET, "", "add a leader"),
    _office("networks:person_new", POST, "", "add a leader", PERSON | {"email": "ny@h.example"}),
    _office("networks:invite_all", POST, "", "invite everybody who has had no mail yet"),
    _office("networks:successors", GET, "", "where somebody who left has no successor"),
    _office("networks:successor", POST, "tombstone", "say who takes over", {
        "successor": "karen.holm@havby.example"
    }),
    _office("networks:person", GET, "leader", "a leader's details"),
    _office("networks:person", GET, "leader elsewhere", "somebody elsewhere", hidden=True),
    _office("networks:person", POST, "leader", "correct a leader's details", PERSON),
    _office("networks:person", POST, "leader elsewhere", "correct those elsewhere", PERSON, True),
    _office("networks:invite", POST, "leader", "invite a leader"),
    _office("networks:invite", POST, "leader elsewhere", "invite elsewhere", hidden=True),
    _office("networks:departure", GET, "leader", "what happens when a leader leaves"),
    _office("networks:departure", POST, "leader", "let a leader leave", {"successor": ""}),
    _office("networks:departure", POST, "leader elsewhere", "let others leave", hidden=True),
    _office("networks:import_new", GET, "", "bring in leaders"),
    _office("networks:import_new", POST, "", "bring in leaders", {"text": LIST}),
    _office("networks:import", GET, "list of leaders", "what a list would change"),
    _office("networks:import", GET, "list elsewhere", "a list of others", hidden=True),
    _office("networks:import_confirm", POST, "list of leaders", "say yes to a list"),
    _office("networks:import_confirm", POST, "list elsewhere", "say yes elsewhere", hidden=True),
    _office("networks:import_drop", POST, "list of leaders", "drop a list"),
    _office("networks:import_drop", POST, "list elsewhere", "drop a list elsewhere", hidden=True),
    _office("networks:units", GET, "", "the tree of units"),
    _office("networks:unit_new", GET, "", "add a unit"),
    _office("networks:unit_new", POST, "", "add a unit", UNIT),
    _office("networks:unit", GET, "unit", "a unit"),
    _office("networks:unit", GET, "unit elsewhere", "a unit elsewhere", hidden=True),
    _office("networks:unit", POST, "unit", "change a unit", UNIT),
    _office("networks:unit", POST, "unit elsewhere", "change a unit elsewhere", UNIT, True),
    _office("networks:unit_remove", POST, "unit", "remove a unit"),
    _office("networks:unit_remove", POST, "unit elsewhere", "remove one elsewhere", hidden=True),
    _office("networks:settings", GET, "", "where else one can go"),
    _office("networks:settings", POST, "", "say where else one can go", {"elsewhere": "HR"}),
]  # fmt: skip
