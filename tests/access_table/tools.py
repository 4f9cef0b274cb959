"""The bank of questions and the tool shelf."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, row

ELSEWHERE = {"outsider": HIDDEN, "superuser": HIDDEN}
OWN = {"text": "Hvem griber bolden?", "theme": "support", "step": "peers"}
TOOL = {
    "title": "Et hæfte",
    "about": "Godt til to",
    "link": "https://example.org/",
    "themes": "support",
    "step": "self",
}

TOOLS = [
    row("wellbeing:questions", GET, "", "the bank of dialogue questions", SEES),
    row(
        "wellbeing:questions",
        POST,
        "",
        "put a question of one’s own into the bank",
        DOES,
        OWN,
        superuser="422",
    ),
    row(
        "wellbeing:question_retirement",
        POST,
        "asker’s own question in the bank",
        "put away a question of one’s own",
        HIDDEN,
        asker=DOES,
        secretariat=DOES,
    ),
    row(
        "meetings:take_along",
        GET,
        "asker’s own question in the bank",
        "choose a meeting for a question from the bank",
        SEES,
        **ELSEWHERE,
    ),
    row(
        "meetings:take_along",
        POST,
        "asker’s own question in the bank",
        "take a question from the bank to a meeting of a team",
        HIDDEN,
        {"meeting": "{team meeting}"},
        asker=DOES,
        member=DOES,
        manager=DOES,
    ),
    row("wellbeing:tools", GET, "", "the tool shelf", SEES),
    row("wellbeing:tools", POST, "", "put up a tool", NOT_ALLOWED, TOOL, secretariat=DOES),
    row("wellbeing:tools_fitting", GET, "", "a tool that fits", SEES),
    row("wellbeing:tool_file", GET, "tool", "fetch a tool’s file", SEES, **ELSEWHERE),
    row(
        "wellbeing:tool_retirement",
        POST,
        "tool",
        "take a tool off the shelf",
        NOT_ALLOWED,
        secretariat=DOES,
        **ELSEWHERE,
    ),
]
