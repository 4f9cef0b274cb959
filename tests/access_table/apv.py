"""The leader-APV of an area. `member` and `amo` carry it, `manager` answers."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    NOT_ALLOWED,
    POST,
    SEES,
    all_of,
    row,
)

READERS = ("member", "amo", "manager", "secretariat")
CARRY = ("member", "amo")
FRAME = (*CARRY, "manager", "secretariat")


def page(url, thing, what, who=READERS):
    may_not = all_of(NOT_ALLOWED, *READERS)
    return row(f"wellbeing:{url}", GET, thing, what, HIDDEN, **may_not | all_of(SEES, *who))


def act(url, thing, what, who, sends=None):
    may_not = all_of(NOT_ALLOWED, *READERS)
    return row(f"wellbeing:{url}", POST, thing, what, HIDDEN, sends, **may_not | all_of(DOES, *who))


LINES = {"severity": "Meget", "extent": "Alle", "cause": "Telefonen"}
PROPOSAL = {
    "action-what": "Flyt telefonen",
    "action-who": "{apv leader}",
    "action-by_when": "2026-12-01",
    "action-seen_by": "Ro",
}

APV = [
    row("wellbeing:apvs", GET, "", "the APVs one may read", SEES),
    row("wellbeing:apv_new", GET, "", "begin an APV", NOT_ALLOWED, secretariat=SEES),
    row(
        "wellbeing:apv_new",
        POST,
        "",
        "begin an APV",
        NOT_ALLOWED,
        {"unit": "{apv unit without}"},
        secretariat=DOES,
    ),
    page("apv", "apv", "an APV"),
    page("apv_plan", "apv", "its plan of action"),
    page("apv_written", "apv", "the written APV"),
    page("apv_paper", "apv", "the written APV as a PDF"),
    page("apv_sheet", "apv", "its plan as a workbook"),
    page("apv_theme", "apv theme", "one of its themes"),
    page("apv_finding", "apv finding", "what was found"),
    page("apv_action", "apv action proposed", "what is proposed"),
    page("apv_frame", "apv", "its frame, to change", FRAME),
    act(
        "apv_frame",
        "apv",
        "change its frame",
        FRAME,
        {"purpose": "Ro", "senior_manager": "Birgitte Aagaard"},
    ),
    act(
        "apv_people",
        "apv",
        "appoint somebody",
        FRAME,
        {"person": "Spørge Jørgensen", "role": "leader"},
    ),
    act("apv_person_removal", "apv", "dismiss somebody", FRAME, {"person": "{apv leader}"}),
    act("apv_themes", "apv", "add a theme", FRAME, {"words": "Natten"}),
    act("apv_theme_removal", "apv theme of one’s own", "take a theme out", FRAME),
    act("apv_round", "apv", "begin a new round", FRAME),
    act("apv_phase", "apv", "go on to the next phase", CARRY, {"to": "follow_up"}),
    act("apv_absence", "apv", "consider absence as a whole", CARRY, {"words": "Nej."}),
    act("apv_pause", "apv", "pause it", CARRY, {"why": "Omlægning"}),
    act("apv_change", "apv", "let it go on otherwise", CARRY, {"became": "Kursus", "why": "Mere"}),
    act("apv_resume", "apv", "take it up again", CARRY),
    act("apv_release", "apv", "release the statements", ["member"]),
    act("apv_signature", "apv", "sign it", ["manager", "amo"]),
    act("apv_statements", "apv theme", "say something nameless", CARRY, {"text": "Vi er få"}),
    act("apv_statement_removal", "apv statement", "take a statement out", CARRY),
    act("apv_findings", "apv theme", "write down a finding", CARRY, {"words": "Vi er få"}),
    act(
        "apv_covered",
        "apv theme",
        "say that it was covered elsewhere",
        CARRY,
        {"on": "2026-11-02", "where": "Temadag"},
    ),
    act("apv_rhythm", "apv theme", "say how often it is covered", FRAME, {"months": "12"}),
    act("apv_assessment", "apv finding", "assess a finding", CARRY, LINES),
    act("apv_solution", "apv finding", "solve it at once", CARRY, {"solved-how": "Et skilt"}),
    act("apv_actions", "apv finding assessed", "propose an action", CARRY, PROPOSAL),
    act("apv_answer", "apv action proposed", "answer it", ["manager"], {"answer": "yes"}),
    act("apv_done", "apv action agreed", "say that it is done", CARRY),
    act("apv_effect", "apv action done", "say whether it helped", CARRY, {"helped": "1"}),
    row(
        "meetings:apv_theme",
        GET,
        "apv theme",
        "put a theme on an agenda",
        HIDDEN,
        **all_of(NOT_ALLOWED, *READERS) | all_of(SEES, *CARRY),
    ),
    row(
        "meetings:apv_theme",
        POST,
        "apv theme",
        "put a theme on an agenda of one’s own team",
        HIDDEN,
        {"meeting": "{team meeting}", "as": "item"},
        **all_of(NOT_ALLOWED, *READERS) | {"member": DOES, "amo": HIDDEN},
    ),
]
