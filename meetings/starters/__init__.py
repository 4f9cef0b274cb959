"""Formats and questions to tap on that everybody begins with, in our own words (domain.md 9).

They are rows, so that meetings can point at them, and are made and mended after each migration
and each flush of the database. Idempotent; three queries when nothing has to be done.
"""

from django.apps import apps as installed

from meetings.starters.meetings import MEETINGS
from meetings.starters.sparring import SPARRING
from meetings.starters.taps import ensure_taps

STARTERS = [*MEETINGS, *SPARRING]
PHASE = ("kind", "minutes", "each_round", "title_da", "line_da", "title_en", "line_en")


def ensure_starters(sender=None, apps=installed, using="default", **kwargs) -> None:
    """Run by post_migrate with the models as they stand after that migration."""
    ensure_taps(apps, using)
    try:
        Format, Phase = (apps.get_model("meetings", name) for name in ("Format", "Phase"))
    except LookupError:  # migrated back to before there were formats
        return
    there = {row.slug: row for row in Format.objects.using(using).exclude(slug="")}
    rows: dict[str, list] = {}
    for phase in Phase.objects.using(using).exclude(format__slug="").select_related("format"):
        rows.setdefault(phase.format.slug, []).append(phase)
    for starter in STARTERS:
        values = {name: value for name, value in starter.items() if name != "phases"}
        found = there.get(starter["slug"])
        if found is None or any(getattr(found, name) != value for name, value in values.items()):
            found, _new = Format.objects.using(using).update_or_create(
                slug=starter["slug"], defaults=values
            )
        if _as_said(rows.get(starter["slug"], [])) != starter["phases"]:
            _write(Phase.objects.using(using), found, starter["phases"])


def _as_said(phases) -> list[dict]:
    """Rows in the form the starters are written in."""
    phases = sorted(phases, key=lambda phase: phase.position)
    said = {phase.pk: {name: getattr(phase, name) for name in PHASE} for phase in phases}
    for phase in phases:
        if phase.within_id:
            said[phase.within_id].setdefault("parts", []).append(said[phase.pk])
    return [said[phase.pk] for phase in phases if phase.within_id is None]


def _write(phases, format, said, within=None) -> None:
    if within is None:
        phases.filter(format=format).delete()
    for position, values in enumerate(said, 1):
        own = {name: value for name, value in values.items() if name != "parts"}
        row = phases.create(format=format, within=within, position=position, **own)
        if values.get("parts"):
            _write(phases, format, values["parts"], within=row)
