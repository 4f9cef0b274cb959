from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting

SAID = {
    "placed": _("%(by)s moved “%(question)s” to place %(place)s"),
    "hidden": _("%(by)s hid a question"),
    "shown": _("%(by)s said “%(question)s” in other words"),
    "parked": _("%(by)s parked a question as operations"),
    "began": _("%(by)s added “%(question)s” to each agenda of the season"),
    "ended": _("%(by)s took “%(question)s” off the agendas of the season"),
    "passed": _("%(by)s passed on being host"),
    "took": _("%(by)s is host"),
    "bank": _("%(by)s took “%(question)s” from the bank"),
}


class Trace(models.Model):
    """Who did what to an agenda, so that everybody can see it."""

    class What(models.TextChoices):
        PLACED = "placed"
        HIDDEN = "hidden"
        SHOWN = "shown"
        PARKED = "parked"
        BEGAN = "began"
        ENDED = "ended"
        PASSED = "passed"
        TOOK = "took"
        BANK = "bank"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="traces")
    item = models.ForeignKey(
        "meetings.AgendaItem", models.PROTECT, null=True, blank=True, related_name="traces"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["meeting", "at"], name="trace_of_meeting")]

    def __str__(self):
        return f"{self.by_id} {self.what} {self.item_id or ''}".strip()


def sentence(what: str, by: str, question: str | None = "", place: int | None = None) -> str:
    return SAID[what] % {"by": by, "question": question or "…", "place": place}
