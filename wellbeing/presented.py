"""A presentation in words, for a page and a sheet of paper alike: what was kept of it, in the
language of whoever reads it.
"""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networks.models import User
from wellbeing.models import Action, Heading, Presentation, Theme
from wellbeing.papers import set_paper
from wellbeing.written_apv import day


def presented(one: Presentation) -> dict:
    """In the language of the moment. One query: who does what."""
    names = _names(one.kept)
    themes = [_theme(theme, names) for theme in one.kept["themes"]]
    every = [
        action
        for theme in one.kept["themes"]
        for finding in theme["findings"]
        for action in finding["actions"]
    ]
    return {
        "language": translation.get_language(),
        "title": str(one),
        "owner": _from(one),
        "when": day(one.presented_on),
        "said": one.said,
        "headings": {
            "guideposts": _("What we steer by"),
            "asked": _("What we ask for"),
            "found": _("What we found, and what is done about it"),
            "absence": _("Sickness absence, as a whole"),
        },
        "purpose": one.kept["purpose"],
        "guideposts": [
            one | {"theme": str(Theme(one["theme"]).label)} for one in one.kept["guideposts"]
        ],
        "asked": [_asked(action, names) for action in every if not action["answer"]],
        "themes": themes,
        "absence": one.kept["absence"],
        "kept_back": _kept_back(one.kept["kept_back"]),
        "foot": _foot(one),
    }


def paper(one: Presentation, language: str) -> bytes:
    with translation.override(language):
        return set_paper("presentation", presented(one))


def _foot(one: Presentation) -> str:
    stood = _("As it stood on %(day)s.") % {"day": day(one.organisation.local_date(one.kept_at))}
    if not one.kept["themes"]:
        return stood
    return f"{stood} {_('Findings in the leaders’ own words, without names.')}"


def _from(one: Presentation) -> str:
    return str(one.apv) if one.apv else str(one.owner)


def _names(kept: dict) -> dict[int, str]:
    """Of those in the plan, as they are called by now."""
    keys = {
        action["who"]
        for theme in kept["themes"]
        for finding in theme["findings"]
        for action in finding["actions"]
    }
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def _theme(theme: dict, names) -> dict:
    name = str(Heading(theme["heading"]).label) if theme["heading"] else theme["name"]
    return {"name": name, "findings": [_found(one, names) for one in theme["findings"]]}


def _found(finding: dict, names) -> dict:
    lines = []
    if finding["voices"]:
        known = ngettext("%(count)d person knows it", "%(count)d people know it", finding["voices"])
        lines.append([_("How many"), known % {"count": finding["voices"]}])
    if finding["solved_on"]:
        lines.append(
            [_("Solved at once"), f"{finding['solved_how']} ({_on(finding['solved_on'])})"]
        )
    for name, words in [
        (_("Severity"), finding["severity"]),
        (_("Extent"), finding["extent"]),
        (_("Cause"), finding["cause"]),
    ]:
        if words:
            lines.append([name, words])
    lines += [[_("Action"), _action(one, names)] for one in finding["actions"]]
    return {"words": finding["words"], "lines": lines}


def _action(action: dict, names) -> str:
    parts = [_asked(action, names), _answered(action)]
    if action["done_on"]:
        helped = {None: "", True: _("It helped."), False: _("It didn’t help enough.")}
        done = _("Done on %(day)s.") % {"day": _on(action["done_on"])}
        parts += [done, helped[action["helped"]], action["effect"]]
    return " ".join(filter(None, parts))


def _asked(action: dict, names) -> str:
    said = {"what": action["what"].rstrip("."), "who": names.get(action["who"], "–")}
    said["day"] = _on(action["by_when"])
    return _("%(what)s. %(who)s, by %(day)s.") % said


def _answered(action: dict) -> str:
    if not action["answer"]:
        return _("Not answered yet.")
    answer = str(Action.Answer(action["answer"]).label)
    said = f"{answer}. {action['why']}" if action["why"] else answer
    return _("Answer: %(said)s.") % {"said": said.rstrip(".")}


def _kept_back(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)d finding isn’t looked through yet, and stays with the leaders until then.",
        "%(count)d findings aren’t looked through yet, and stay with the leaders until then.",
        count,
    ) % {"count": count}


def _on(iso: str) -> str:
    return day(date.fromisoformat(iso))
