"""The search for groups: asked for by the secretariat, done by a worker, heard of meanwhile."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

import notifications

LEASE = timedelta(seconds=30)  # a worker that hasn't been heard of for so long is gone


class Busy(Exception):
    """The solver works on it just now, or the groups have been started."""


class Search(models.Model):
    """Whoever holds the newest `run` and is heard of may write.

    Whatever is searched for has a `state`: waiting, working, proposed, started, draft.
    """

    run = models.PositiveIntegerField(default=0)
    seconds = models.PositiveSmallIntegerField(default=30)
    asked_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    stop_asked = models.BooleanField(default=False)
    best = models.JSONField(default=dict)  # so far: {person: group's number}
    cost = models.PositiveIntegerField(null=True, blank=True)
    bound = models.PositiveIntegerField(default=0)
    proven = models.BooleanField(default=False)
    demands = models.JSONField(default=list)  # of an impossible one: what can't all be kept

    class Meta:
        abstract = True

    def ask_for_proposal(self, seconds: int = 30, at=None) -> None:
        """Put it before the solver. Asked twice is asked once."""
        from networks import tasks

        with transaction.atomic():
            held = self._rows.select_for_update().get(pk=self.pk)
            if held.is_busy:
                return
            if held.state == self.State.STARTED:
                raise Busy
            held.state, held.asked_at = self.State.WAITING, at or timezone.now()
            held.seconds, held.stop_asked = seconds, False
            held.best, held.demands, held.cost, held.bound = {}, [], None, 0
            held.proven = False
            held.save()
            notifications.ring(tasks.heavy_compositions)
        self.refresh_from_db()

    def claim(self, now=None) -> int | None:
        """The number of this run, or None where another worker has it or nothing was asked."""
        now = now or timezone.now()
        lying = self._rows.left_lying(now).order_by().filter(pk=self.pk)
        if not lying.update(
            state=self.State.WORKING, heartbeat_at=now, run=F("run") + 1, stop_asked=False
        ):
            return None
        self.refresh_from_db()
        return self.run

    def heartbeat(self, run: int, best, cost, bound: int) -> bool:
        """Tell how far it is. False: stop, somebody asked to or another worker took over."""
        mine = self._rows.filter(pk=self.pk, run=run, state=self.State.WORKING)
        values = {"heartbeat_at": timezone.now(), "bound": bound}
        if best is not None:
            values |= {"best": {str(one): g for one, g in best.items()}, "cost": cost}
        return bool(mine.update(**values)) and not mine.filter(stop_asked=True).exists()

    def stop(self) -> None:
        """Be content with the best so far; what nobody has begun yet isn't begun."""
        with transaction.atomic():
            held = self._rows.select_for_update().get(pk=self.pk)
            if held.state == self.State.WAITING or held.is_stale:
                held.state = self.State.DRAFT
                if held.seats.filter(group__isnull=False).exists():
                    held.state = self.State.PROPOSED
                held.run += 1  # whoever still works on it may not write any more
            held.stop_asked = True
            held.save(update_fields=["state", "run", "stop_asked"])

    @property
    def _rows(self):
        return type(self).objects

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)

    @property
    def is_stale(self) -> bool:
        """A worker began it and has gone."""
        return (
            self.state == self.State.WORKING
            and self.heartbeat_at is not None
            and self.heartbeat_at < timezone.now() - LEASE
        )
