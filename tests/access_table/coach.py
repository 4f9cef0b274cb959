"""A coach education of area Nord: `asker` and `member` are enrolled, `manager` heads the area and
decided it; nobody else finds it.
"""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, all_of, row

ENROLLED = ("asker", "member")
FIND = (*ENROLLED, "manager", "secretariat")
DAY = {"on": "2026-12-09", "starts": "09:00", "ends": "16:00"}


def own(url, thing, what, sends=None):
    """A leader's own door. Who only heads or tends it has none."""
    gets = all_of(NOT_ALLOWED, *FIND) | all_of(DOES, *ENROLLED)
    return row(f"wellbeing:{url}", POST, thing, what, HIDDEN, sends, **gets)


def tended(url, method, thing, what, sends=None):
    outcome = SEES if method == GET else DOES
    gets = all_of(NOT_ALLOWED, *FIND) | {"secretariat": outcome}
    return row(f"wellbeing:{url}", method, thing, what, HIDDEN, sends, **gets)


def start(method, outcome, sends=None):
    """All of the organisation know the decision; who decided it may start."""
    gets = {"outsider": HIDDEN, "superuser": HIDDEN, "manager": outcome, "secretariat": outcome}
    what = "start a coach education"
    thing = "decision to start from"
    return row("wellbeing:programme_new", method, thing, what, NOT_ALLOWED, sends, **gets)


COACH = [
    row("wellbeing:programmes", GET, "", "the coach educations one is in or heads", SEES),
    start(GET, SEES),
    start(POST, DOES, {"name": "Coachuddannelsen"}),
    row("wellbeing:programme", GET, "programme", "one of them", HIDDEN, **all_of(SEES, *FIND)),
    own("coach_seat", "cohort", "take a seat"),
    own("coach_waiting", "programme", "wait for a seat"),
    own("coach_passing", "programme", "let a seat pass by"),
    own("coach_withdrawal", "programme", "give a seat back"),
    own("coach_through", "programme", "say that one is through already", {"said": "before"}),
    tended("coach_invitation", POST, "programme", "ask the leaders"),
    tended("cohorts", POST, "programme", "plan a cohort", {"name": "Vinter", "seats": "8"}),
    tended("coach_cancellation", POST, "programme", "cancel all its days to come"),
    tended("cohort", GET, "cohort", "a cohort with who has a seat"),
    tended("cohort", POST, "cohort", "name its seats", {"name": "Forår", "seats": "9"}),
    tended("cohort_opening", POST, "cohort", "open a cohort"),
    tended("cohort_removal", POST, "cohort", "take a cohort out"),
    tended("course_days", POST, "cohort", "plan a day", DAY),
    tended("course_day", GET, "course day", "a day, to change"),
    tended("course_day", POST, "course day", "change a day", DAY),
    tended("course_day_cancellation", POST, "course day", "cancel a day"),
    tended("coach_leaders", GET, "programme", "where each leader is"),
    tended("coach_leaders", POST, "programme", "let somebody else in", {"person": "Ledet Larsen"}),
    tended("coach_sheet", GET, "programme", "where each leader is, as a workbook"),
    tended("enrolment", POST, "member’s enrolment", "correct where a leader is", {"to": "through"}),
]
