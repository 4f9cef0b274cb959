from django.db import models
from django.utils import timezone

from meetings.models.format import in_own_language

MORE, LONGEST_EXTRA = 120, 3600  # seconds


class Clock(models.Model):
    """Where one is in a script, and since when. Whatever runs by one knows `is_running`, and how
    to be changed (`_changing`).
    """

    # The script as it stood at the start, and where in it we are: the clock of every device
    # follows from these.
    steps = models.JSONField(default=list, editable=False)
    step = models.PositiveSmallIntegerField(default=0)
    step_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    extra = models.PositiveSmallIntegerField(default=0)  # seconds given to this step

    class Meta:
        abstract = True

    def go(self, by: int, since: int, at=None) -> None:
        """One step on (1) or back (-1) from step `since`: two who press at once go one step."""
        with self._changing():
            to = self.step + by
            if (
                not self.is_running
                or not self.steps
                or since != self.step
                or not 0 <= to <= len(self.steps)
            ):
                return
            self.step, self.step_since = to, at or timezone.now()
            self.paused_at, self.extra = None, 0
            self._save_clock()

    def pause(self, at=None) -> None:
        with self._changing():
            if self.is_running and self.steps and self.paused_at is None:
                self.paused_at = at or timezone.now()
                self._save_clock()

    def resume(self, at=None) -> None:
        with self._changing():
            if self.is_running and self.paused_at:
                self.step_since += (at or timezone.now()) - self.paused_at
                self.paused_at = None
                self._save_clock()

    def give(self, seconds: int = MORE) -> None:
        """More time for this step. What it had used up counts from nothing again."""
        with self._changing():
            if self.is_running and self.step < len(self.steps) and self.extra < LONGEST_EXTRA:
                over = max(-self.seconds_left(timezone.now()), 0)
                self.extra += seconds + over
                self._save_clock()

    def _save_clock(self) -> None:
        self.save(update_fields=["step", "step_since", "paused_at", "extra"])

    @property
    def now(self) -> "dict | None":
        """The step we are at, in the reader's language; None when there is none."""
        if not self.is_running or self.step >= len(self.steps):
            return None
        step = self.steps[self.step]
        return {
            "title": in_own_language(*step["title"]),
            "line": in_own_language(*step["line"]),
            "minutes": step["seconds"] // 60,
        }

    def seconds_left(self, now) -> int:
        """Of this step; less than nothing when its time is up."""
        if self.step >= len(self.steps):
            return 0
        used = (self.paused_at or now) - self.step_since
        return self.steps[self.step]["seconds"] + self.extra - int(used.total_seconds())

    @property
    def minutes_left(self) -> int:
        """As one would say it."""
        return max(round(self.seconds_left(timezone.now()) / 60), 1)

    @property
    def is_last_step(self) -> bool:
        return self.step == len(self.steps) - 1
