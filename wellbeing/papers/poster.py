"""Guideposts to hang on a wall."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellbeing.models import Guidepost
from wellbeing.papers import set_paper

SIZES = ("a3", "a4")


def print_poster(owner, guideposts: list[Guidepost], size: str, language: str) -> bytes:
    newest = max(one.worded_on for one in guideposts)
    said = {
        "language": language,
        "size": size,
        "title": _("Guideposts"),
        "owner": str(owner),
        "mark": _("Two marks in line: a bearing"),
        "guideposts": [
            {
                "wording": one.wording,
                "how": one.how_we_see_it,
                "theme": one.get_theme_display(),
            }
            for one in guideposts
        ],
        "foot": _("Worded by the leaders, last on %(day)s")
        % {"day": date_format(newest, "DATE_FORMAT")},
    }
    return set_paper("poster", said)
