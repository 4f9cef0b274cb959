"""What a composition is made of: proposed groups, who sits where, wishes, who is kept apart."""

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.validators import MinLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from networks.models.composition import Composition
from networks.models.group import Group


class ProposedGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(composition__in=Composition.objects.visible_to(user).values("pk"))


class ProposedGroup(models.Model):
    """A group to be: `number` is what the solver calls it."""

    composition = models.ForeignKey(Composition, models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80, validators=[MinLengthValidator(2)])
    purpose = models.TextField(_("purpose"), max_length=500, blank=True)
    locked = models.BooleanField(default=False)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("facilitator"),
    )
    group = models.OneToOneField(
        Group, models.PROTECT, null=True, blank=True, related_name="proposed_as"
    )

    objects = ProposedGroupQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["composition", "number"], name="one_proposed_group_per_number"
            ),
            models.UniqueConstraint(
                "composition",
                Lower("name"),
                name="one_proposed_group_per_name",
                violation_error_message=_("Two of the groups would have the same name."),
            ),
        ]

    def __str__(self):
        return self.name

    def describe(self, described: "ProposedGroup") -> None:
        """Another name, purpose or facilitator."""
        with transaction.atomic():
            self.composition.hold()
            described.save(update_fields=["name", "purpose", "facilitator"])

    def set_lock(self, locked: bool) -> None:
        """Its people stay, and nobody else comes in."""
        with transaction.atomic():
            self.composition.hold()
            self.locked = locked
            self.save(update_fields=["locked"])


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(composition__in=Composition.objects.visible_to(user).values("pk"))

    def shown_to(self, user):
        """One's own place in proposals that the secretariat has shown to the leaders."""
        return self.filter(
            user=user,
            group__isnull=False,
            composition__shared_at__isnull=False,
            composition__state=Composition.State.PROPOSED,
        )

    def taken(self):
        """Of people who are still here."""
        return self.filter(user__left_at=None, user__is_active=True)

    def in_order(self):
        return self.select_related("user__unit").order_by("user__sort_name", "user_id")


class Seat(models.Model):
    """Somebody who is to have a group. `facts` are what counted when they were looked up last."""

    composition = models.ForeignKey(Composition, models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    group = models.ForeignKey(
        ProposedGroup, models.SET_NULL, null=True, blank=True, related_name="seats"
    )
    locked = models.BooleanField(default=False)
    wants_swap = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["composition", "user"], name="one_seat_per_person")
        ]

    def __str__(self):
        return str(self.user)

    def get_absolute_url(self):
        return reverse("networks:proposal", args=[self.pk])

    def set_lock(self, locked: bool) -> None:
        with transaction.atomic():
            self.composition.hold()
            self.locked = locked
            self.save(update_fields=["locked"])

    def ask_to_swap(self, wanted: bool) -> bool:
        """No reason asked, none kept. False when the groups have been started meanwhile."""
        with transaction.atomic():
            composition = Composition.objects.select_for_update().get(pk=self.composition_id)
            if not composition.is_shared:
                return False
            self.wants_swap = wanted
            self.save(update_fields=["wants_swap"])
            return True


class WishQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(composition__in=Composition.objects.visible_to(user).values("pk"))

    def with_people(self):
        return self.annotate(keys=ArrayAgg("people", order_by="people")).order_by("pk")


class Wish(models.Model):
    """`by` wants to be with the others; of three or more all ask for the same."""

    composition = models.ForeignKey(Composition, models.CASCADE, related_name="wishes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects = WishQuerySet.as_manager()

    def __str__(self):
        return f"wish {self.pk}"


class KeptApartQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(composition__in=Composition.objects.visible_to(user).values("pk"))


class KeptApart(models.Model):
    """Two who shall not share a group. No reason is kept, and it's gone when the groups start.

    Never in a log, a mail, an export, the admin or an explanation: only on the page where the
    secretariat writes it.
    """

    composition = models.ForeignKey(Composition, models.CASCADE, related_name="kept_apart")
    one = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = KeptApartQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "kept apart"
        constraints = [
            models.UniqueConstraint(fields=["composition", "one", "other"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="kept_apart_in_order"),
        ]

    def __str__(self):
        return "two people"
