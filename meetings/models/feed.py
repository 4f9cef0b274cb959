import secrets
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

import notifications
from meetings.models.invitation import Invitation
from meetings.models.series import Series
from networks.models import Group, User
from notifications.models import Delivery


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class FeedQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(revoked_at=None)

    def behind(self, token: str) -> "Feed | None":
        """The feed of that address, if it is still somebody's to read."""
        feed = (
            self.standing()
            .filter(token_hash=hash_of(token), person__left_at=None, person__is_active=True)
            .select_related("person__organisation", "group")
            .first()
        )
        if feed and feed.group_id:
            own = Group.objects.of(feed.person).filter(pk=feed.group_id)
            return feed if own.exists() else None
        return feed


class Feed(models.Model):
    """A secret address from which somebody's calendar fetches their meetings: all, or one group's.

    Whose feed holds a season gets mails about it without a calendar part: nobody has both.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feeds")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # What it said when it was last fetched, and since when: for ETag, Last-Modified and DTSTAMP.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="one_standing_feed_per_person_and_group",
            ),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.group_id or 'all'}"

    @classmethod
    def make(cls, person, group=None, at=None) -> tuple["Feed", str]:
        """A new address, known only now, in the token; an older one of the same kind stops."""
        at, token = at or timezone.now(), secrets.token_urlsafe(32)
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=person.pk)
            cls.objects.standing().filter(person=person, group=group).update(revoked_at=at)
            feed = cls.objects.create(
                person=person, group=group, token_hash=hash_of(token), created_at=at, changed_at=at
            )
        return feed, token

    def revoke(self, at=None) -> None:
        """The address stops working, and what it held comes by invitation again. Idempotent."""
        at = at or timezone.now()
        with transaction.atomic():
            stood = Feed.objects.standing().filter(pk=self.pk)
            if not stood.update(revoked_at=at):
                return
            self.revoked_at = at
            told = (
                self.invitations()
                .standing()
                .filter(
                    entry__told_sequence__gt=0,
                    series__in_calendar_already=False,
                    series__in=Series.objects.current(at.date()),
                )
            )
            rows = [
                (key, self.person_id, f"feed {self.pk}")
                for key in told.values_list("pk", flat=True)
            ]
            Delivery.objects.plan_each("meetings.invited_again", Invitation, rows, due_at=at)
            notifications.ring()

    def note(self, fingerprint: str, at) -> None:
        """Remember since when it says this."""
        if self.fingerprint != fingerprint:
            self.fingerprint, self.changed_at = fingerprint, at.replace(microsecond=0)
            self.save(update_fields=["fingerprint", "changed_at"])

    def invitations(self) -> models.QuerySet[Invitation]:
        mine = Invitation.objects.filter(user=self.person_id)
        return mine.filter(series__group=self.group_id) if self.group_id else mine

    @staticmethod
    def path_of(token: str) -> str:
        return reverse("meetings:feed", args=[token])
