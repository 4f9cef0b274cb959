from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from networks import command
from networks.models.organisation import Organisation, Unit
from networks.models.user import User


class JoinRefused(Exception):
    """One neutral refusal for all reasons, so that it betrays nobody."""


class Agreement(models.Model):
    """A version of the five lines (domain.md section 9.5)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    lines_da = models.JSONField()
    lines_en = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], name="one_agreement_per_version"
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.version}"

    @property
    def lines(self) -> list[str]:
        return self.lines_en if get_language() == "en" else self.lines_da


class GroupQuerySet(models.QuerySet):
    def of(self, user):
        """Groups whose content is this person's own: as a member or as the senior manager."""
        return self.filter(pk__in=self._own(user, Membership.objects.standing()))

    def open_to(self, user):
        """Own groups whose content this person may see: a newcomer affirms the lines first."""
        affirmed = Q(group__kind=Group.Kind.TEAM) | Q(affirmed_at__isnull=False)
        return self.filter(pk__in=self._own(user, Membership.objects.standing().filter(affirmed)))

    @staticmethod
    def _own(user, memberships):
        # A union: for an OR the database would look through every group there is.
        led = Group.objects.filter(senior_manager=user).values("pk")
        return memberships.filter(user=user).values("group").union(led, all=True)

    def visible_to(self, user):
        """Own groups; for the secretariat every group of the organisation, without content."""
        if user.is_secretariat:
            return self.filter(organisation=user.organisation_id)
        return self.of(user)

    def schedulable_by(self, user):
        """Whose rhythm this person plans: secretariat, the team's senior manager, tovholder."""
        if user.is_secretariat:
            return self.filter(organisation=user.organisation_id)
        tends = Membership.objects.standing().tending().filter(group=OuterRef("pk"), user=user)
        network = Q(kind=Group.Kind.NETWORK) & Exists(tends)
        return self.filter(network | Q(kind=Group.Kind.TEAM, senior_manager=user))

    def joinable_in(self, organisation):
        return self.filter(
            organisation=organisation,
            kind=Group.Kind.NETWORK,
            status=Group.Status.FORMING,
            join_policy=Group.JoinPolicy.OPEN,
        )

    def with_size(self):
        return self.annotate(members=Count("memberships", filter=Q(memberships__left_at=None)))

    def alive(self):
        return self.exclude(status=Group.Status.CLOSED)


class Group(models.Model):
    """A network group (confidential, no boss) or a leadership team with its senior manager."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("network group")
        TEAM = "team", _("leadership team")

    class Status(models.TextChoices):
        FORMING = "forming", _("forming")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    class JoinPolicy(models.TextChoices):
        OPEN = "open", _("open while it is forming")
        INVITED = "invited", _("by invitation")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="groups")
    name = models.CharField(_("name"), max_length=80)
    purpose = models.TextField(_("purpose"), max_length=500, blank=True)
    size = models.PositiveSmallIntegerField(
        _("size"), default=6, validators=[MinValueValidator(4), MaxValueValidator(8)]
    )
    join_policy = models.CharField(max_length=10, choices=JoinPolicy, default=JoinPolicy.OPEN)
    status = models.CharField(max_length=10, choices=Status, default=Status.FORMING)
    senior_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="teams"
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    opening_words = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="one_group_per_name",
                violation_error_message=_("There is a group of that name already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="team", senior_manager__isnull=False)
                | Q(kind="network", senior_manager__isnull=True),
                name="a_team_has_a_senior_manager_a_network_has_none",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=4, size__lte=8),
                name="four_to_eight",
                violation_error_message=_("A group has four to eight members."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("group", args=[self.pk])

    # ---- verbs

    def join(self, user, at=None) -> "Membership":
        """Read the five lines and come in. Joining twice is joining once.

        Raises JoinRefused when the group isn't open, is full, belongs to somebody else, or when
        somebody in it stands above or below `user` in the line of command.
        """
        with transaction.atomic():
            group = Group.objects.select_for_update().get(pk=self.pk)
            members = list(group.memberships.standing().values_list("user_id", flat=True))
            if user.pk in members:
                return group.memberships.standing().get(user=user)
            if not group._takes(user, members):
                raise JoinRefused
            return group._add(user, at=at)

    def _takes(self, user, members: list[int]) -> bool:
        if user.is_secretariat or len(members) >= self.size:
            return False
        open_to = Group.objects.joinable_in(user.organisation_id).filter(pk=self.pk).exists()
        return open_to and not command.commands(user.pk, members)

    def appoint(self, user, role: str = "member", at=None) -> "Membership":
        """The secretariat puts somebody in; the five lines are still theirs to affirm.

        Raises JoinRefused where the rule of command forbids it.
        """
        with transaction.atomic():
            group = Group.objects.select_for_update().get(pk=self.pk)
            members = list(group.memberships.standing().values_list("user_id", flat=True))
            if group.kind == Group.Kind.NETWORK and command.commands(user.pk, members):
                raise JoinRefused
            return group._add(user, role=role, affirmed=group.kind == Group.Kind.TEAM, at=at)

    def _add(self, user, role="member", affirmed=True, at=None) -> "Membership":
        at = at or timezone.now()
        agreement = self.agreement if affirmed and self.kind == Group.Kind.NETWORK else None
        return Membership.objects.create(
            group=self,
            user=user,
            role=role,
            joined_at=at,
            agreement=agreement,
            affirmed_at=at if agreement else None,
        )

    def start(self) -> None:
        self.status = Group.Status.RUNNING
        self.save(update_fields=["status"])

    def begin(self, words: str = "", at=None) -> None:
        """The senior manager's yes: from now on his leaders hear from us."""
        if self.begun_at:
            return
        self.begun_at, self.opening_words = at or timezone.now(), words
        self.save(update_fields=["begun_at", "opening_words"])

    # ---- questions

    @property
    def is_team(self) -> bool:
        return self.kind == Group.Kind.TEAM

    @property
    def rehearses(self) -> bool:
        """Nothing is sent to its leaders yet."""
        return not self.organisation.begun_at or (self.is_team and not self.begun_at)

    @property
    def agreement(self) -> Agreement:
        return self.organisation.agreements.order_by("-version").first()

    def participants(self) -> models.QuerySet[User]:
        """Members and, in a team, the senior manager."""
        members = Membership.objects.standing().filter(group=self).values("user")
        return User.objects.active().filter(Q(pk__in=members) | Q(pk=self.senior_manager_id))

    def membership_of(self, user) -> "Membership | None":
        return self.memberships.standing().filter(user=user).first()

    def can_be_scheduled_by(self, user) -> bool:
        if self.is_team and not user.is_secretariat:  # known without asking
            return self.senior_manager_id == user.pk
        return Group.objects.schedulable_by(user).filter(pk=self.pk).exists()


class MembershipQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(left_at=None)

    def tending(self):
        return self.filter(role__in=[Membership.Role.FACILITATOR, Membership.Role.DEPUTY])

    def in_order(self):
        return self.select_related("user").order_by("user__sort_name", "user_id")


class Membership(models.Model):
    class Role(models.TextChoices):
        MEMBER = "member", _("leader")
        FACILITATOR = "facilitator", _("facilitator")
        DEPUTY = "deputy", _("deputy facilitator")

    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True)
    affirmed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(left_at=None),
                name="one_membership_per_person",
                violation_error_message=_("Already a member of this group."),
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(left_at=None, role="facilitator"),
                name="one_facilitator_per_group",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
                name="left_after_joining",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(left_at=None), name="membership_standing")
        ]

    def __str__(self):
        return f"{self.user} in {self.group}"

    def affirm(self, at=None) -> None:
        """Say yes to the five lines as they stand."""
        self.agreement = self.group.agreement
        self.affirmed_at = at or timezone.now()
        self.save(update_fields=["agreement", "affirmed_at"])

    def leave(self, at=None) -> None:
        self.left_at = at or timezone.now()
        self.save(update_fields=["left_at"])

    @property
    def sees_content(self) -> bool:
        """A newcomer to a network group reads the five lines before any content."""
        return self.group.is_team or self.affirmed_at is not None
