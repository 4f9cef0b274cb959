"""Who may do what: one row per page or action and thing, plain data without code.

`test_access.py` walks every URL of the house against it, and the page "who sees what" is to be
generated from the same rows (design.md section 4).
"""

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
    everybody = dict.fromkeys(ROLES, others) | {"anonymous": SIGN_IN} | gets
    return Row(url, method, thing, what, everybody, sends or {})


def all_of(outcome: str, *roles: str) -> dict[str, str]:
    return dict.fromkeys(roles, outcome)


IN_NETWORK = ("asker", "member", "facilitator")
IN_TEAM = ("asker", "member", "manager")

PAGES = [
    row("today", GET, "", "Today", SEES, superuser=DOES),
    row("networks:list", GET, "", "the network groups", SEES),
    row("networks:me", GET, "", "one's own details", SEES),
    row("networks:me", POST, "", "change one's own details", DOES, sends={"language": "da"}),
    row(
        "networks:mails",
        POST,
        "",
        "choose which mails one can do without",
        DOES,
        sends={"when": "off", "hour": "9"},
    ),
    row("wellbeing:guideposts", GET, "", "the guideposts", SEES),
    row("meetings:list", GET, "", "one's own meetings", SEES),
    row("office", GET, "", "the secretariat's page", NOT_ALLOWED, secretariat=SEES),
    row("rehearsal", GET, "", "what would have been sent", NOT_ALLOWED, secretariat=SEES),
    row("mails", GET, "", "which mails failed, for whom and why", NOT_ALLOWED, secretariat=SEES),
    row(
        "mail_again",
        POST,
        "team leader unreached",
        "correct somebody's address and send again",
        NOT_ALLOWED,
        {"email": "ny@example.org"},
        secretariat=DOES,
    ),
    row("networks:begin", POST, "", "begin, as an organisation", NOT_ALLOWED, secretariat=DOES),
]

GROUPS = [
    row(
        "group",
        GET,
        "network",
        "a network group: who is in it, when it meets",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK, "newcomer", "secretariat"),
    ),
    row(
        "group",
        GET,
        "team",
        "a leadership team: who is in it, when it meets",
        HIDDEN,
        **all_of(SEES, *IN_TEAM, "secretariat"),
    ),
    row(
        "group",
        GET,
        "forming group",
        "a forming group: what it is for and the five lines, no names",
        SEES,
        **all_of(HIDDEN, "manager", "outsider", "superuser"),
    ),
    row(
        "networks:membership",
        POST,
        "forming group",
        "join a forming group",
        DOES,
        manager=REFUSED,
        secretariat=REFUSED,
        **all_of(HIDDEN, "outsider", "superuser"),
    ),
    row(
        "networks:membership",
        POST,
        "network",
        "join a running network group (who is in it, is in it)",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK, "newcomer"),
        **all_of(REFUSED, "manager", "secretariat", "stranger"),
    ),
    row("networks:membership", POST, "team", "join a leadership team", HIDDEN),
    row(
        "networks:leave",
        POST,
        "network",
        "leave a network group",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK, "newcomer"),
    ),
    row(
        "networks:leave",
        POST,
        "team",
        "leave a leadership team by oneself",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_TEAM),
    ),
    row(
        "networks:affirmation",
        POST,
        "network",
        "say yes to the five lines",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK, "newcomer"),
    ),
    row(
        "networks:affirmation",
        POST,
        "team",
        "say yes to the five lines in a team, which has none",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_TEAM),
    ),
    row(
        "networks:begin_team",
        POST,
        "team",
        "begin, as a team",
        HIDDEN,
        {"words": "Nu begynder vi"},
        manager=DOES,
        **all_of(NOT_ALLOWED, "asker", "member", "secretariat"),
    ),
    row(
        "networks:begin_team",
        POST,
        "network",
        "begin, as a network group, which has nobody to say so",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK, "newcomer", "secretariat"),
    ),
]

DATES = [
    made
    for thing, insiders, plans in [
        ("network", (*IN_NETWORK, "newcomer"), "facilitator"),
        ("team", IN_TEAM, "manager"),
    ]
    for made in [
        row(
            "meetings:series",
            GET,
            f"{thing} season",
            f"the dates of a {thing}",
            HIDDEN,
            **all_of(SEES, *insiders, "secretariat"),
        ),
        *[
            row(
                url,
                method,
                about,
                what,
                HIDDEN,
                sends if method == POST else None,
                **all_of(NOT_ALLOWED, *insiders)
                | all_of(SEES if method == GET else DOES, plans, "secretariat"),
            )
            for url, about, what, sends in [
                (
                    "meetings:new_series",
                    thing,
                    f"plan a season of a {thing}",
                    {
                        "starts_on": "2027-01-12",
                        "time": "09:00",
                        "place": "Rådhuset",
                        "interval_days": "14",
                        "minutes": "90",
                    },
                ),
                (
                    "meetings:time",
                    f"{thing} meeting",
                    f"move a meeting of a {thing}",
                    {"day": "2026-11-17", "time": "10:00"},
                ),
                (
                    "meetings:cancellation",
                    f"{thing} meeting",
                    f"cancel a meeting of a {thing}",
                    {"reason": ""},
                ),
            ]
            for method in (GET, POST)
        ],
    ]
]

AGENDA = [
    made
    for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    for made in [
        *[
            row(
                "meetings:detail",
                GET,
                about,
                f"a meeting of a {thing} and its questions",
                HIDDEN,
                **all_of(SEES, *insiders),
                **({"newcomer": LINES} if thing == "network" else {}),
            )
            for about in (f"{thing} meeting", f"{thing} meeting with its agenda")
        ],
        row(
            "meetings:answer",
            POST,
            f"{thing} meeting",
            f"say whether one comes to a meeting of a {thing}",
            HIDDEN,
            {"coming": "1"},
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:questions",
            POST,
            f"{thing} meeting",
            f"put a question on the agenda of a {thing}",
            HIDDEN,
            {"question": "Hvad fylder?"},
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:support",
            POST,
            f"{thing} question",
            f"say me too to a question in a {thing}",
            HIDDEN,
            {"wanted": "1"},
            **all_of(DOES, *insiders),
        ),
        *[
            row(
                url,
                POST,
                about,
                f"{what}, in a {thing}",
                HIDDEN,
                {"question": "Sagt på en anden måde?"},
                **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
            )
            for url, about, what in [
                ("meetings:question", f"{thing} question", "reword somebody's question"),
                ("meetings:withdrawal", f"{thing} question", "take somebody's question back"),
                ("meetings:parking", f"{thing} question", "park somebody's question"),
                (
                    "meetings:return",
                    f"{thing} question taken back",
                    "bring back what somebody took back",
                ),
                (
                    "meetings:parked",
                    f"{thing} matter parked",
                    "bring back what somebody parked",
                ),
            ]
        ],
    ]
]

CALENDAR = [
    row(
        "meetings:calendar",
        GET,
        "",
        "how one's meetings come into one's calendar",
        SEES,
        superuser=NOT_ALLOWED,
    ),
    row("meetings:feeds", POST, "", "make a feed of one's own", DOES, superuser=NOT_ALLOWED),
    row("meetings:end_feed", POST, "feed", "end somebody's feed", HIDDEN, member=DOES),
    row(
        "meetings:feed",
        GET,
        "feed token",
        "the dates of whoever gave away the address of their feed",
        SEES,
        anonymous=SEES,
    ),
]

ENTRANCE = [
    row("account_login", GET, "", "sign in", DOES, anonymous=SEES),
    row("account_request_login_code", GET, "", "ask for a code", DOES, anonymous=SEES),
    row("account_confirm_login_code", GET, "", "type the code", DOES, anonymous=SIGN_IN),
    row("account_logout", GET, "", "sign out", SEES, anonymous=DOES),
    row("account_logout", POST, "", "sign out", DOES, anonymous=DOES),
    row("account_signup", GET, "", "one comes by invitation", DOES, anonymous=SEES),
    row("account_inactive", GET, "", "an address no longer in use", SEES, anonymous=SEES),
    row(
        "set_language",
        POST,
        "",
        "choose the language of the sign-in page",
        DOES,
        {"language": "en"},
        anonymous=DOES,
    ),
    *[
        row(
            "notifications:unsubscribe",
            method,
            "way out of mails",
            "stop mails by the link in one of them, without signing in",
            gets,
            anonymous=gets,
        )
        for method, gets in ((GET, SEES), (POST, DOES))
    ],
    row("healthz", GET, "", "alive", SEES, anonymous=SEES),
    row("readyz", GET, "", "ready", SEES, anonymous=SEES),
    row("metrics", GET, "", "figures about the installation", SEES, anonymous=SEES),
]

DEMO = [
    row("demo:sign_in", POST, "persona", "be somebody in the demo", DOES, anonymous=DOES),
    row("demo:mail", GET, "", "the mails of the demo", SEES, anonymous=SEES),
    row("demo:one_mail", GET, "mail", "a mail of the demo", SEES, anonymous=SEES),
    row("demo:mail_html", GET, "mail", "a mail of the demo", SEES, anonymous=SEES),
]

TABLE = [*PAGES, *GROUPS, *DATES, *AGENDA, *CALENDAR, *ENTRANCE, *DEMO]

# The admin as a whole: only who runs the installation comes in, and no content is registered.
ADMIN = "admin:"
ADMIN_KEEPS = {
    "networks.Organisation",
    "networks.Unit",
    "networks.User",
    "networks.Group",
    "auth.Group",
    "account.EmailAddress",
}
