"""What was presented and what was decided. `member`, `amo`, `manager` and the secretariat read the
APV that it was put together from; `manager` decided on it.
"""

from tests.access_table.apv import FRAME, READERS
from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, all_of, row

DECIDES = ("manager", "secretariat")
ELSEWHERE = {"outsider": HIDDEN, "superuser": HIDDEN}
TO_WHOM = {"to_whom": "MED", "presented_on": "2026-11-09"}
DECIDED = {
    "what": "Vi prøver et halvt år",
    "decided_on": "2026-11-09",
    "unit": "{apv’s unit}",
    "decided_by": "Birgitte Aagaard",
}


def presented(url, method, what, who=READERS, sends=None, thing="presentation"):
    """For those who read the APV; nobody else finds it."""
    gets = all_of(NOT_ALLOWED, *READERS) | all_of(SEES if method == GET else DOES, *who)
    return row(f"wellbeing:{url}", method, thing, what, HIDDEN, sends, **gets)


def changed(url, method, what, sends=None):
    """Everybody in the organisation reads a decision; who decided it and the secretariat act."""
    gets = all_of(SEES if method == GET else DOES, *DECIDES) | ELSEWHERE
    return row(f"wellbeing:{url}", method, "decision", what, NOT_ALLOWED, sends, **gets)


def begun(url, method, what, sends=None):
    gets = all_of(SEES if method == GET else DOES, *DECIDES)
    return row(f"wellbeing:{url}", method, "", what, NOT_ALLOWED, sends, **gets)


DECISIONS = [
    row("wellbeing:presentations", GET, "", "what was presented", SEES),
    begun("presentation_new", GET, "present the guideposts"),
    begun("presentation_new", POST, "present the guideposts", TO_WHOM | {"unit": "{apv’s unit}"}),
    presented("presentation", GET, "what was presented of an APV"),
    row(
        "wellbeing:presentation",
        GET,
        "presentation undecided",
        "the guideposts as they were presented",
        SEES,
        **ELSEWHERE,
    ),
    presented("presentation_paper", GET, "what was presented, as a PDF"),
    presented("presentation_correction", GET, "put it right, to change", FRAME),
    presented("presentation_correction", POST, "put it right", FRAME, TO_WHOM),
    presented("presentation_removal", POST, "say that it wasn’t presented", FRAME),
    row("wellbeing:decisions", GET, "", "the decisions", SEES),
    begun("decision_new", GET, "write down what was decided"),
    begun("decision_new", POST, "write down what was decided", DECIDED),
    row("wellbeing:decision", GET, "decision", "a decision", SEES, **ELSEWHERE),
    changed("decision_correction", GET, "put a decision right, to change"),
    changed("decision_correction", POST, "put a decision right", {"what": "Noget andet"}),
    changed("decision_follow_up", POST, "say what became of it", {"words": "Alle er med"}),
    changed("decision_withdrawal", POST, "withdraw it", {"withdrawal-why": "Penge"}),
]
