import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from networks.models.group import Group, JoinRefused
from networks.models.membership import Membership

GOOD_FOR = timedelta(days=14)


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class InviteLinkQuerySet(models.QuerySet):
    def standing(self, now=None):
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now or timezone.now())

    def behind(self, token: str, user) -> "InviteLink | None":
        """The invitation of that address, for people of the same organisation."""
        found = self.filter(token_hash=hash_of(token), group__organisation=user.organisation_id)
        return found.select_related("group__organisation").first()


class InviteLink(models.Model):
    """An address that lets one person into a group, once. It is known only when it is made."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="invite_links")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # All members have said yes to whoever comes by it: the tovholder's word for it.
    agreed = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InviteLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="used_by_somebody_at_some_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group"], condition=Q(used_at=None, revoked_at=None), name="links_standing"
            )
        ]

    def __str__(self):
        return f"to {self.group_id} until {self.expires_at:%d.%m.%Y}"

    @classmethod
    def make(cls, group, by, agreed=False, at=None) -> tuple["InviteLink", str]:
        at, token = at or timezone.now(), secrets.token_urlsafe(32)
        link = cls.objects.create(
            group=group,
            made_by=by,
            made_at=at,
            expires_at=at + GOOD_FOR,
            token_hash=hash_of(token),
            agreed=agreed,
        )
        return link, token

    def use(self, user, at=None) -> Membership | None:
        """Come in by it; where the members haven't been asked yet, they are, and None is answered.

        Raises JoinRefused when it is used up, expired or taken back, and for every reason there
        is to refuse somebody; then it stays as it was.
        """
        at = at or timezone.now()
        with transaction.atomic():
            group, members = self.group.held()
            self.refresh_from_db()
            if user.pk in members:
                return group.memberships.standing().get(user=user)
            if self.used_by_id == user.pk and group.requests.live().filter(user=user).exists():
                return None  # sent twice
            if not self.stands(at):
                raise JoinRefused
            came = None
            self.group = group
            if self.asks_first:
                group.ask(user, invited=True, at=at)
            elif group.takes(user, members):
                came = group.let_in(user, at=at)
            else:
                raise JoinRefused
            self.used_at, self.used_by = at, user
            self.save(update_fields=["used_at", "used_by"])
            return came

    def revoke(self, at=None) -> None:
        """Nobody is told who took it back."""
        InviteLink.objects.standing(at).filter(pk=self.pk).update(revoked_at=at or timezone.now())

    def stands(self, at) -> bool:
        return not self.used_at and not self.revoked_at and self.expires_at > at

    @property
    def asks_first(self) -> bool:
        return self.group.is_running and not self.agreed

    @property
    def stands_now(self) -> bool:
        return self.stands(timezone.now())

    @staticmethod
    def path_of(token: str) -> str:
        return reverse("networks:invite_link", args=[token])
