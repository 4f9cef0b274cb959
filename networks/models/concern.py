from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AFTER = timedelta(days=7)  # the group itself first, the secretariat when it is still so then
SET_ASIDE = timedelta(days=28)  # how long a yes of the secretariat holds while nothing changes


class ConcernQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(closed_at=None)

    def about(self, person: int):
        return self.filter(person=person)

    def of_the_group(self):
        """What the group can do something about itself."""
        return self.filter(kind__in=Concern.OF_THE_GROUP)

    def asks_who_tends(self) -> models.Q:
        """For a queryset of memberships: whether this one's group lacks something they look to."""
        mine = self.standing().of_the_group().exclude(kind=Concern.Kind.NO_ROPE)
        here = mine.filter(group=models.OuterRef("group"))
        return models.Q(role="facilitator") & models.Exists(here)

    def of_the_secretariat(self, now):
        """What it tends: at once what only it can, the rest when a week has passed."""
        late = Q(opened_at__lte=now - AFTER)
        return self.standing().filter(Q(kind__in=Concern.AT_ONCE) | late)

    def tended_by(self, user):
        return self.filter(group__organisation=user.organisation_id if user.is_secretariat else 0)

    def undone(self, now):
        """Not done yet; or done a while ago, and yet nothing has changed."""
        again = Q(kind__in=Concern.OF_THE_GROUP, done_at__lte=now - SET_ASIDE)
        return self.filter(Q(done_at=None) | again)

    def done(self, now):
        return self.exclude(pk__in=self.undone(now).values("pk"))

    def in_order(self):
        """What only the secretariat can do first, then what has waited longest."""
        first = models.Case(models.When(kind__in=Concern.AT_ONCE, then=0), default=1)
        return self.order_by(first, "opened_at", "pk")

    # ---- verbs

    def open(self, kind: str, group, person=None, at=None) -> None:
        """Once, however often it is said."""
        at = at or timezone.now()
        row = Concern(group=group, kind=kind, person=person, opened_at=at)
        self.bulk_create([row], ignore_conflicts=True)

    def close(self, at) -> None:
        self.update(closed_at=at)

    def find(self, kind: str, ill, at) -> list[int]:
        """Bring the rows of one kind in step with the groups that are `ill`; answers the groups
        of which it is new. Two queries and one more for what is new, however many groups there are.
        """
        here = self.filter(kind=kind).standing()
        here.exclude(group__in=ill.values("pk")).close(at)
        known = here.filter(group=models.OuterRef("pk"))
        new = list(ill.filter(~models.Exists(known)).order_by("pk").values_list("pk", flat=True))
        rows = [Concern(group_id=pk, kind=kind, opened_at=at) for pk in new]
        self.bulk_create(rows, ignore_conflicts=True)
        return new


class Concern(models.Model):
    """Something about a group that asks for care, from when it was seen until it is well again.

    What the group can mend is said to who looks after it first, and a week later to the
    secretariat; of people standing above each other only the secretariat knows.
    """

    class Kind(models.TextChoices):
        NO_DATE = "no_date", _("no next date")
        NO_ROPE = "no_rope", _("no facilitator")
        FEW = "few", _("fewer than four")
        SILENT = "silent", _("hasn’t met for two rhythms")
        UNAFFIRMED = "unaffirmed", _("somebody hasn’t said yes to the five lines")
        COMMAND = "command", _("two stand in one line of command")
        MIX = "mix", _("would like to be mixed anew")

    OF_THE_GROUP = [Kind.NO_DATE, Kind.NO_ROPE, Kind.FEW, Kind.SILENT, Kind.UNAFFIRMED]
    AT_ONCE = [Kind.COMMAND, Kind.MIX]

    group = models.ForeignKey("networks.Group", models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=12, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # whose place rests
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)  # it is well again
    done_at = models.DateTimeField(null=True)  # the secretariat has done what it can
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind", "person"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_concern_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "group"], condition=Q(closed_at=None), name="concern_standing"
            )
        ]

    def __str__(self):
        return f"{self.kind} of {self.group_id}"

    # ---- verbs

    def settle(self, by, at=None) -> None:
        """The secretariat has done what it can. Settling twice is settling once."""
        if self.done_at is None or self in Concern.objects.undone(at or timezone.now()):
            self.done_at, self.done_by = at or timezone.now(), by
            self.save(update_fields=["done_at", "done_by"])

    def move_to(self, group, at=None) -> None:
        """Whoever it is about goes on in another group. Raises JoinRefused where that can't be."""
        with transaction.atomic():
            group.appoint(self.person, at=at)
            for membership in self.group.memberships.kept().filter(user=self.person):
                membership.leave(at=at)

    def take_up_again(self) -> None:
        self.done_at = self.done_by = None
        self.save(update_fields=["done_at", "done_by"])

    # ---- questions

    @property
    def is_of_the_group(self) -> bool:
        return self.kind in Concern.OF_THE_GROUP
