"""What lies on the table of a theme day at each step, for one person or for the wall."""

from django.db.models import Prefetch
from django.utils.functional import SimpleLazyObject

from config import live
from networks.models import User
from wellbeing.examples import examples
from wellbeing.forms import DayWordingForm, NoteForm
from wellbeing.models import Dot, Note, ThemeDay
from wellbeing.models.guidepost import MOST
from wellbeing.models.theme_day import KIND, TURN

Step = ThemeDay.Step


def table(user: User, day: ThemeDay, projector: bool = False) -> dict:
    """Phones follow each change only where one must see it; else they follow the steps, so that
    eighty of them don't ask for the whole board at each note.
    """
    closely = projector or day.step in (Step.CLUSTERS, Step.WORDS)
    kind, version = (KIND, day.version) if closely else (TURN, day.turn)
    context = {
        "day": day,
        "steps": Step.choices,
        "version": version,
        "token": live.token(kind, day.pk, user.pk),
        "leads": user.is_secretariat,
    }
    return context | AT[day.step](user, day, projector)


def _notes(user, day, projector) -> dict:
    if projector:
        return {"notes": SimpleLazyObject(lambda: list(_read(day)))}
    return {
        "count": day.notes.count(),
        "mine": day.notes.filter(author=user),
        "note_form": NoteForm(initial={"key": Note.new_key(), "named": ""}),
    }


def _clusters(user, day, projector) -> dict:
    """Read only where the board isn't in the cache, for it is the same for everybody."""
    return {
        "loose": SimpleLazyObject(lambda: list(_read(day).filter(cluster=None))),
        "clusters": SimpleLazyObject(lambda: list(_headlines(day))),
    }


def _dots(user, day, projector) -> dict:
    given = set(Dot.objects.filter(cluster__day=day, person=user).values_list("cluster", flat=True))
    # on a phone nothing moves under the finger
    counted = _headlines(day).with_numbers().order_by("pk")
    clusters = list(counted.order_by("-number", "pk") if projector else counted)
    most = max((one.number for one in clusters), default=0)
    for one in clusters:
        one.share = round(100 * one.number / most) if most else 0
    return {"clusters": clusters, "given": given, "left": day.dots - len(given)}


def _words(user, day, projector) -> dict:
    context = {"wordings": list(day.wordings.select_related("replaces", "cluster"))}
    if not projector:
        context |= {
            "clusters": day.clusters.best_first(),
            "wording_form": DayWordingForm(day=day),
            "examples": examples(),
            "most": MOST,
        }
    return context


def _read(day):
    return day.notes.select_related("author")


def _headlines(day):
    notes = Prefetch("notes", Note.objects.select_related("author"))
    return day.clusters.prefetch_related(notes)


AT = {Step.NOTES: _notes, Step.CLUSTERS: _clusters, Step.DOTS: _dots, Step.WORDS: _words}
