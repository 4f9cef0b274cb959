"""A group that rests, ends, is asked how to go on; its history; the secretariat's tasks."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    IN_NETWORK,
    NOT_ALLOWED,
    POST,
    SEES,
    all_of,
    row,
)

TENDING = ("facilitator", "secretariat")
OTHERS = ("asker", "member", "newcomer")


def for_who_tends(url, method, what, sends=None):
    outcome = SEES if method == GET else DOES
    allowed = all_of(outcome, *TENDING) | all_of(NOT_ALLOWED, *OTHERS)
    return row(url, method, "network", what, HIDDEN, sends, **allowed)


def for_the_secretariat(url, method, thing, what, sends=None, gets=None):
    outcome = gets or (SEES if method == GET else DOES)
    return row(url, method, thing, what, NOT_ALLOWED, sends, secretariat=outcome)


CARE = [
    for_who_tends("meetings:pause", GET, "what a pause would cancel"),
    for_who_tends(
        "meetings:pause", POST, "let a group rest", {"reason": "Ferie", "until": "2027-01-04"}
    ),
    for_who_tends("meetings:resume", POST, "begin again"),
    for_who_tends("meetings:closing_well", GET, "what goes and stays when a group closes"),
    for_who_tends("meetings:closing_well", POST, "close a group for good", {"farewell": "Tak"}),
    for_who_tends("networks:remind_lines", POST, "remind of the five lines, not seeing whom"),
    row(
        "networks:review",
        POST,
        "network",
        "go on, mix or end well? (one's own answer, seen by nobody)",
        HIDDEN,
        {"choice": "go_on"},
        **all_of(DOES, *IN_NETWORK),
    ),
    row(
        "meetings:history",
        GET,
        "network",
        "when a group met, who came and left: since one came in oneself",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK),
        **all_of(NOT_ALLOWED, "newcomer", "secretariat"),
    ),
    row("meetings:history", GET, "team", "the history of a team, which has none", HIDDEN),
    for_the_secretariat("meetings:tasks", GET, "", "what asks for care, and for how long"),
    for_the_secretariat("meetings:task_done", POST, "care task", "set a task aside"),
    for_the_secretariat(
        "meetings:task_done", POST, "care task elsewhere", "another's task", gets=HIDDEN
    ),
    for_the_secretariat("meetings:task_again", POST, "care task", "take a task up again"),
    for_the_secretariat(
        "meetings:task_move",
        POST,
        "care task",
        "move whose place rests to another group",
        {"group": "{forming group}"},
    ),
    for_the_secretariat(
        "networks:remove_member", POST, "member’s seat", "take somebody out of a network group"
    ),
]
