"""Finding again what one's groups talked about: full text in Danish, of what one may see.

Each word is looked for as the beginning of one, since Danish builds long words of short ones: who
looks for "nøgle" means the key box as well.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import DateTimeField, F, Q, Value
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from meetings.models import AgendaItem, Commitment
from wellbeing.models import Guidepost

LONGEST = 100  # letters that are looked for
WORDS = 8
MARK, UNMARK = "\x02", "\x03"  # around what was found; nobody can type them


@dataclass(frozen=True)
class Found:
    kind: str  # question, agreed or guidepost
    thing: AgendaItem | Commitment | Guidepost
    words: SafeString
    more: str = ""


def wanted(typed: str) -> SearchQuery | None:
    """What was typed, as the database looks for it; None where it holds no word."""
    words = re.findall(r"\w+", typed[:LONGEST].replace("_", " "))[:WORDS]
    if not words:
        return None
    return SearchQuery(
        " & ".join(f"'{word}':*" for word in words), config="danish", search_type="raw"
    )


def found_by(user, query: SearchQuery):
    """Rows (kind, key, rank, when), best first: a union, so that it is paged by the database."""
    sources = [
        ("question", _questions(user), vector("question"), F("proposed_at")),
        ("agreed", _agreed(user), vector("what", "lesson"), F("made_at")),
        (
            "guidepost",
            Guidepost.objects.visible_to(user).standing(),
            vector("wording", "how_we_see_it"),
            Cast("worded_on", DateTimeField()),
        ),
    ]
    rows = [
        rows.annotate(words=words)
        .filter(words=query)
        .order_by()
        .values(kind=Value(kind), key=F("pk"), rank=SearchRank(F("words"), query), when=when)
        for kind, rows, words, when in sources
    ]
    return rows[0].union(*rows[1:], all=True).order_by("-rank", "-when", "kind", "key")


def vector(*names: str) -> SearchVector:
    """As the indexes have it."""
    return SearchVector(*names, config="danish")


def shown(rows: list[dict], query: SearchQuery) -> list[Found]:
    """What stands on a page, with the words that were found marked."""
    agreed = Commitment.objects.select_related("meeting", "group", "who")
    things = {}
    for kind, objects, names in [
        ("question", AgendaItem.objects.with_meeting(), ["question"]),
        ("agreed", agreed, ["what", "lesson"]),
        ("guidepost", Guidepost.objects.all(), ["wording", "how_we_see_it"]),
    ]:
        if keys := [row["key"] for row in rows if row["kind"] == kind]:
            headlines = {f"found_{name}": _headline(name, query) for name in names}
            for thing in objects.filter(pk__in=keys).annotate(**headlines):
                words = [marked(getattr(thing, name)) for name in headlines]
                things[kind, thing.pk] = Found(kind, thing, *words)
    return [things[one] for row in rows if (one := (row["kind"], row["key"])) in things]


def _headline(name: str, query: SearchQuery) -> SearchHeadline:
    return SearchHeadline(
        name, query, config="danish", start_sel=MARK, stop_sel=UNMARK, highlight_all=True
    )


def marked(text: str) -> SafeString:
    html = escape(text).replace(MARK, "<mark>").replace(UNMARK, "</mark>")
    return mark_safe(html)  # escaped above


def _questions(user):
    """What everybody in the group can read on an agenda, and one's own that rests. What is hidden,
    taken back or parked is found by nobody; a standing item once, not with each meeting.
    """
    Status = AgendaItem.Status
    read = Q(status__in=[Status.WAITING, Status.SET, Status.STANDING])
    own = Q(status=Status.RESTING, by=user)
    visible = AgendaItem.objects.visible_to(user).filter(read | own)
    return visible.exclude(why=AgendaItem.Why.STANDING)


def _agreed(user):
    return Commitment.objects.visible_to(user).standing()
