from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models.membership import Membership


class EndingQuerySet(models.QuerySet):
    def part(self, now) -> None:
        """Some months after the end nobody is in the group any more."""
        over = self.filter(at__lte=now - Ending.SEEN).values("group")
        left = Membership.objects.kept().filter(group__in=over)
        left.update(left_at=now)


class Ending(models.Model):
    """How a group closed well: who closed it, when, and a line of farewell to its members."""

    SEEN = timedelta(days=92)  # how long its members still find their way back to it

    group = models.OneToOneField("networks.Group", models.PROTECT, related_name="ending")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    farewell = models.CharField(_("farewell"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = EndingQuerySet.as_manager()

    def __str__(self):
        return f"{self.group_id} {self.at:%d.%m.%Y}"

    @classmethod
    def of(cls, group, by, farewell: str = "", at=None) -> "Ending":
        """Close a group for good: nobody asks, waits or is invited any more. Once is enough."""
        at = at or timezone.now()
        with transaction.atomic():
            held, _members = group.held()
            if held.status == held.Status.CLOSED:
                return cls.objects.get_or_create(group=held, defaults={"by": by, "at": at})[0]
            group.status = held.status = held.Status.CLOSED
            held.save(update_fields=["status"])
            held.pauses.standing().update(ended_at=at)
            held.concerns.standing().close(at)
            held.reviews.open().delete()
            held.invite_links.standing(at).update(revoked_at=at)
            held.tend(at)
            return cls.objects.create(group=held, by=by, farewell=farewell, at=at)

    @property
    def seen_until(self):
        return self.at + Ending.SEEN
