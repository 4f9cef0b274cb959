from django.conf import settings
from django.db import models
from django.utils import timezone

from meetings import sealing


class NotesQuerySet(models.QuerySet):
    def write(self, sparring, text: str, at=None) -> None:
        """The focus person's words of that talk; the last ones count, empty ones are none."""
        if not text.strip():
            self.filter(sparring=sparring).delete()
            return
        notes = Notes(sparring=sparring, person_id=sparring.focus_person_id)
        self.update_or_create(
            sparring=sparring,
            defaults={
                "person_id": notes.person_id,
                "sealed": sealing.seal(text, notes.place),
                "written_at": at or timezone.now(),
            },
        )

    def rotate(self) -> tuple[int, int]:
        """All of them under the first key. Answers how many, and how many no key opens."""
        done = lost = 0
        for notes in self.order_by("pk").iterator():
            try:
                sealed = sealing.reseal(notes.sealed)
            except sealing.Unreadable:
                lost += 1
                continue
            # only if nobody wrote on meanwhile: what they wrote is under the first key
            done += self.filter(pk=notes.pk, sealed=notes.sealed).update(sealed=sealed)
        return done, lost


class Notes(models.Model):
    """What the focus person wrote, sealed: nobody else has a page that opens it."""

    sparring = models.OneToOneField("meetings.Sparring", models.PROTECT, related_name="notes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sealed = models.TextField(editable=False)
    written_at = models.DateTimeField(default=timezone.now)

    objects = NotesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "notes"

    def __str__(self):
        return f"notes of sparring {self.sparring_id}"

    @property
    def place(self) -> str:
        """What the seal is bound to: these notes, of this person, of this talk."""
        return f"notes of sparring {self.sparring_id} of person {self.person_id}"

    @property
    def text(self) -> str | None:
        """None if no key opens them: a key was lost, or they don't belong here."""
        try:
            return sealing.unseal(self.sealed, self.place)
        except sealing.Unreadable:
            return None
