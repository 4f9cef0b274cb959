"""The APV in writing: what must be there by law, in the order of its four elements, for a page, a
sheet of paper and a workbook alike. Never a raw statement: only what was found.
"""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networks.spreadsheets import as_workbook
from wellbeing.models import Action, Apv, Finding, Seat
from wellbeing.papers import set_paper

SOURCE = "https://at.dk/regler/at-vejledninger/systematisk-arbejdsmiljoearbejde-1-3-1/"


def written(apv: Apv) -> dict:
    """In the language of the moment. Six queries, however long the APV is."""
    themes = list(apv.themes.in_order())
    findings = list(
        Finding.objects.filter(theme__apv=apv).prefetch_related("assessments").order_by("pk")
    )
    actions = list(Action.objects.of(apv).select_related("who", "assessment__finding"))
    return {
        "language": translation.get_language(),
        "title": str(apv),
        "owner": str(apv.organisation),
        "facts": _facts(apv),
        "law": law(),
        "physical": _(
            "This APV covers the leaders’ psychosocial environment. Physical conditions belong in "
            "the workplace’s other APV."
        ),
        "headings": {
            "frame": _("Frame"),
            "map": _("1. Mapping and risk assessment"),
            "absence": _("2. Sickness absence"),
            "plan": _("3. Plan of action"),
            "follow": _("4. Carrying out and following up"),
            "signed": _("Signed"),
            "history": _("What happened when"),
        },
        "themes": [_theme(one, findings) for one in themes],
        "no_findings": _("Nothing was found that has to be written down."),
        "absence": apv.sickness_absence or _("Not considered yet."),
        "absence_note": _("Considered as a whole, never about persons."),
        "plan_head": [_("What"), _("Who"), _("By when"), _("How we see it"), _("Answer and why")],
        "plan": [[_with_finding(one), *_planned(one)[1:]] for one in actions],
        "no_plan": _("No action is proposed yet."),
        "follow_head": [_("What"), _("Done"), _("Did it help?"), _("What came of it")],
        "follow": [_followed(one) for one in actions if one.answer == Action.Answer.YES],
        "no_follow": _("Nothing is carried out yet."),
        "signatures": _signatures(apv),
        "history": [
            f"{day(apv.organisation.local_date(one.at))}: {one}" for one in apv.events.all()
        ],
    }


def law() -> dict[str, str]:
    return {
        "words": _(
            "Written after the four elements of the Danish executive order no. 1838 of 14 December "
            "2023 on systematic work environment activities, § 2, as the Working Environment "
            "Authority explains it in AT guide 1.3.1. This is no legal advice: check with your own "
            "jurist."
        ),
        "source": SOURCE,
        "label": _("AT guide 1.3.1 (in Danish)"),
    }


def day(on) -> str:
    return date_format(on, "DATE_FORMAT")


def _facts(apv: Apv) -> list[list[str]]:
    seats = list(apv.seats.all())

    def names(role) -> str:
        return ", ".join(str(seat.person) for seat in seats if seat.role == role) or "–"

    return [
        [_("Unit"), str(apv.unit)],
        [_("What we want with it"), apv.purpose or "–"],
        [_("How"), _("By dialogue, one theme at a time, on the leaders’ own meetings.")],
        [_("Working group"), names(Seat.Role.LEADER)],
        [_("AMO representative"), names(Seat.Role.AMO)],
        [_("Senior manager"), str(apv.senior_manager)],
        [_("Begun"), day(apv.begun_on)],
        [_("Where it stands"), f"{apv.get_phase_display()}, {apv.get_state_display()}"],
    ]


def _theme(theme, findings) -> dict:
    if theme.last_covered_on:
        covered = _("Covered on %(day)s, %(where)s. To be covered again by %(due)s.") % {
            "day": day(theme.last_covered_on),
            "where": theme.covered_where,
            "due": day(theme.next_due()),
        }
    else:
        covered = _("Not covered yet.")
    own = [one for one in findings if one.theme_id == theme.pk]
    return {"name": str(theme), "covered": covered, "findings": [_found(one) for one in own]}


def _found(finding: Finding) -> dict:
    lines = []
    if finding.is_solved:
        lines.append([_("Solved at once"), f"{finding.solved_how} ({day(finding.solved_on)})"])
    elif standing := finding.assessment:
        lines += [
            [_("Severity"), standing.severity],
            [_("Extent"), standing.extent],
            [_("Cause"), standing.cause],
        ]
    else:
        lines.append([_("Assessment"), _("Not assessed yet.")])
    if finding.voices:
        known = ngettext("%(count)d person knows it", "%(count)d people know it", finding.voices)
        lines.append([_("How many"), known % {"count": finding.voices}])
    return {"words": finding.words, "lines": lines}


def _planned(action: Action) -> list[str]:
    answer = action.get_answer_display() if action.answer else _("not answered yet")
    said = f"{answer}: {action.answer_why}" if action.answer_why else str(answer)
    return [action.what, str(action.who), day(action.by_when), action.seen_by, said]


def _with_finding(action: Action) -> str:
    finding = str(action.assessment.finding).rstrip(".")
    return _("%(what)s (because: %(finding)s)") % {"what": action.what, "finding": finding}


def _followed(action: Action) -> list[str]:
    helped = {None: "–", True: _("yes"), False: _("no, assessed anew")}[action.helped]
    done = day(action.done_on) if action.done_on else _("under way")
    return [action.what, done, helped, action.effect or "–"]


def _signatures(apv: Apv) -> list[str]:
    lines = []
    for side, by, at in [
        (_("Employer"), apv.signed_by_employer, apv.signed_by_employer_at),
        (_("AMO representative"), apv.signed_by_amo, apv.signed_by_amo_at),
    ]:
        said = _("not signed yet")
        if by:
            said = f"{by}, {day(apv.organisation.local_date(at))}"
        lines.append(f"{side}: {said}")
    return lines


def paper(apv: Apv, language: str) -> bytes:
    with translation.override(language):
        return set_paper("written_apv", written(apv))


def sheet(apv: Apv) -> bytes:
    """The plan of action as a workbook, every cell a text."""
    actions = Action.objects.of(apv).select_related("who", "assessment__finding__theme__guidepost")
    head = [
        _("Theme"), _("Finding"), _("Severity"), _("Extent"), _("Cause"), _("What"), _("Who"),
        _("By when"), _("How we see it"), _("Answer and why"), _("Done"), _("Did it help?"),
        _("What came of it"),
    ]  # fmt: skip
    rows = []
    for one in actions:
        said, found = one.assessment, one.assessment.finding
        about = [str(found.theme), found.words, said.severity, said.extent, said.cause]
        rows.append([*about, *_planned(one), *_followed(one)[1:]])
    return as_workbook([head, *rows], _("Plan of action"))
