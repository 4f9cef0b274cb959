"""Stories, told by leaders and read by everybody; peers who coach."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, row

STORY = {"text": "Før skyndte jeg mig. Så lærte jeg at spørge. Nu venter jeg på svaret."}
OFFER = {"line": "Ring, når det brænder på.", "themes": "support", "reach": "mail"}
NOT_BY = {"secretariat": NOT_ALLOWED, "superuser": NOT_ALLOWED}

PEERS = [
    row("wellbeing:stories", GET, "", "the leaders’ stories", SEES),
    row("wellbeing:story_new", GET, "", "where a story is told", SEES, **NOT_BY),
    row("wellbeing:story_new", POST, "", "tell a story", DOES, STORY, **NOT_BY),
    row(
        "wellbeing:story_withdrawal",
        POST,
        "member’s story",
        "take a story of one’s own back",
        HIDDEN,
        member=DOES,
    ),
    row(
        "wellbeing:story_takedown",
        POST,
        "member’s story",
        "take down a story that says too much",
        NOT_ALLOWED,
        {"why": "Den nævner en kollega."},
        secretariat=DOES,
        outsider=HIDDEN,
        superuser=HIDDEN,
    ),
    row("wellbeing:coaches", GET, "", "colleagues who coach", SEES),
    row("wellbeing:coach_offer", GET, "", "what one offers", NOT_ALLOWED, member=SEES),
    row("wellbeing:coach_offer", POST, "", "offer to coach", NOT_ALLOWED, OFFER, member=DOES),
    row("wellbeing:coach_pause", POST, "", "rest one’s offer to coach", HIDDEN, member=DOES),
    row("wellbeing:coach_end", POST, "", "end one’s offer to coach", HIDDEN, member=DOES),
]
