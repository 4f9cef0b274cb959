"""Roles, what somebody gets, and one row of the table."""

from dataclasses import dataclass, field

ROLES = {
    "anonymous": "not signed in",
    "asker": "the leader whose question it is, in the same group or team",
    "member": "another leader of the same group or team",
    "newcomer": "in the network group, has not said yes to the five lines",
    "facilitator": "of the network group; not in the team",
    "manager": "the team's senior manager; in no network group",
    "secretariat": "of the same organisation",
    "stranger": "a leader of the same organisation, in none of the groups",
    "amo": "the AMO representative of one APV; otherwise as a stranger",
    "outsider": "a leader of another organisation",
    "superuser": "runs the installation",
}

# What somebody gets.
SEES = "sees it"
DOES = "does it"
REFUSED = "is refused, without a reason that betrays anybody"  # shown the list of groups again
LINES = "reads the five lines first"
NOT_ALLOWED = "may not (403)"
HIDDEN = "doesn't find it (404)"
SIGN_IN = "signs in first"

GET, POST = "GET", "POST"


@dataclass(frozen=True)
class Row:
    url: str  # its name
    method: str
    thing: str  # what it is about, "" where there is only one such page
    what: str  # in words for the page
    gets: dict[str, str]
    sends: dict[str, str] = field(default_factory=dict)  # what a form would send


def row(url, method, thing, what, others, sends=None, **gets) -> Row:
    """`others` is what every role gets that isn't named; who isn't signed in signs in first."""
    beside = {"anonymous": SIGN_IN}
    if "stranger" in gets and thing != "request":  # which is the stranger’s own
        beside["amo"] = gets["stranger"]
    everybody = dict.fromkeys(ROLES, others) | beside | gets
    return Row(url, method, thing, what, everybody, sends or {})


def all_of(outcome: str, *roles: str) -> dict[str, str]:
    return dict.fromkeys(roles, outcome)


IN_NETWORK = ("asker", "member", "facilitator")
IN_TEAM = ("asker", "member", "manager")
