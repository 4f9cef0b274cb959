from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks import command
from networks.models.agreement import Agreement
from networks.models.asking import QUIET, JoinRequest
from networks.models.membership import Membership
from networks.models.organisation import Organisation, Unit
from networks.models.user import User


class JoinRefused(Exception):
    """One neutral refusal for all reasons, so that it betrays nobody."""


def _number_of(rows) -> Coalesce:
    """How many of them each group has: counted for the rows of a page, not for all there are."""
    counted = rows.order_by().values("group").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


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
            return self.alive().filter(organisation=user.organisation_id)
        tends = Membership.objects.standing().tending().filter(group=OuterRef("pk"), user=user)
        network = Q(kind=Group.Kind.NETWORK) & Exists(tends)
        return self.alive().filter(network | Q(kind=Group.Kind.TEAM, senior_manager=user))

    def findable_by(self, user):
        """Forming and running groups that can be joined, asked or waited for; not one's own.

        Those by invitation only aren't listed: nobody should wonder why they weren't invited.
        """
        return self.filter(
            organisation=user.organisation_id,
            kind=Group.Kind.NETWORK,
            status__in=Group.LIVING,
            join_policy__in=Group.LISTED,
        ).exclude(pk__in=self.model.objects.of(user))

    def with_doors(self):
        """How many are in it, for how many a place is kept, whether somebody waits or asks."""
        here = JoinRequest.objects.filter(group=OuterRef("pk"))
        resting = Membership.objects.resting().filter(group=OuterRef("pk"))
        return self.with_size().annotate(
            kept=_number_of(here.holding_a_place()) + _number_of(resting),
            has_queue=Exists(here.waiting()),
            has_asked=Exists(here.asked()),
        )

    def with_size(self):
        return self.annotate(
            members=_number_of(Membership.objects.standing().filter(group=OuterRef("pk")))
        )

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
        ASK = "ask", _("all members say yes")
        INVITED = "invited", _("by invitation")

    LIVING = [Status.FORMING, Status.RUNNING]
    LISTED = [JoinPolicy.OPEN, JoinPolicy.ASK]

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="groups")
    name = models.CharField(_("name"), max_length=80)
    purpose = models.TextField(_("purpose"), max_length=500, blank=True)
    size = models.PositiveSmallIntegerField(
        _("size"), default=6, validators=[MinValueValidator(4), MaxValueValidator(8)]
    )
    join_policy = models.CharField(
        _("how one comes in"), max_length=10, choices=JoinPolicy, default=JoinPolicy.OPEN
    )
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

    # ---- verbs: how one comes in. Each of them holds the group's row first.

    def held(self) -> tuple["Group", list[int]]:
        """The group, nobody else changing who is in it until the transaction ends; its members."""
        rows = Group.objects.select_for_update(of=("self",)).select_related("organisation")
        group = rows.get(pk=self.pk)
        return group, group.member_keys()

    def establish(self, facilitator=None, deputy=None, at=None) -> None:
        """A new group with who holds the rope; the five lines are still theirs to affirm.

        Raises JoinRefused, and makes no group, where the rule of command forbids it.
        """
        with transaction.atomic():
            self.save()
            for person, role in [(facilitator, "facilitator"), (deputy, "deputy")]:
                if person:
                    self.appoint(person, role=role, at=at)

    def join(self, user, at=None) -> Membership:
        """Read the five lines and come in. Joining twice is joining once.

        Raises JoinRefused when the group isn't open, is full, belongs to somebody else, or when
        somebody in it stands above or below `user` in the line of command.
        """
        with transaction.atomic():
            group, members = self.held()
            if user.pk in members:
                return group.memberships.standing().get(user=user)
            if not group.is_open or not group.takes(user, members):
                raise JoinRefused
            return group.let_in(user, at=at)

    def ask(self, user, invited=False, at=None) -> JoinRequest:
        """Ask the members to be let in, or stand in line for a place. Asking twice is asking once.

        Raises JoinRefused for every reason there is, before anybody is asked.
        """
        at = at or timezone.now()
        with transaction.atomic():
            group, members = self.held()
            if standing := group.requests.live().filter(user=user).first():
                return standing
            if user.pk in members or not group._may_be_asked(user, members, invited, at):
                raise JoinRefused
            request = JoinRequest.objects.create(group=group, user=user, asked_at=at)
            others = group.requests.waiting().exclude(pk=request.pk)
            if group.asks_members and group.places_left() > 0 and not others.exists():
                request.ask(at)
            return request

    def _may_be_asked(self, user, members: list[int], invited: bool, at) -> bool:
        listed = Group.objects.findable_by(user).filter(pk=self.pk).exists()
        said_lately = self.requests.filter(
            user=user, state=JoinRequest.State.CLOSED, ended_at__gt=at - QUIET
        )
        if not invited and (not listed or said_lately.exists()):
            return False
        return self._could_take(user) and not command.commands(user.pk, members)

    def takes(self, user, members: list[int]) -> bool:
        """Whether there is a place, and nobody in the way."""
        return (
            self._could_take(user)
            and self.places_left(members) > 0
            and not command.commands(user.pk, members)
        )

    def _could_take(self, user) -> bool:
        living = self.status in Group.LIVING
        here = user.organisation_id == self.organisation_id and not user.left_at
        return living and here and not self.is_team and not user.is_secretariat

    def appoint(self, user, role: str = "member", at=None) -> Membership:
        """The secretariat puts somebody in; the five lines are still theirs to affirm.

        Who is in it already gets the role. Raises JoinRefused where the group is full or the rule
        of command forbids it.
        """
        with transaction.atomic():
            group, members = self.held()
            if user.pk in members:
                membership = group.memberships.standing().get(user=user)
                membership.become(role)
                return membership
            network = group.kind == Group.Kind.NETWORK
            if user.organisation_id != group.organisation_id:
                raise JoinRefused
            taken = group.memberships.kept().count()
            if network and (taken >= group.size or command.commands(user.pk, members)):
                raise JoinRefused
            membership = group.let_in(user, affirmed=not network, at=at)
            if role != Membership.Role.MEMBER:
                membership.become(role)
            return membership

    def let_in(self, user, affirmed=True, at=None) -> Membership:
        """With the group held, and everything asked that has to be."""
        at = at or timezone.now()
        if resting := self.memberships.resting().filter(user=user).first():
            resting.stand_again(at=at)
            return resting
        agreement = self.agreement if affirmed and self.kind == Group.Kind.NETWORK else None
        membership = Membership.objects.create(
            group=self,
            user=user,
            joined_at=at,
            agreement=agreement,
            affirmed_at=at if agreement else None,
        )
        for request in self.requests.live().filter(user=user):
            request.joined(at)
        for request in self.requests.asked().select_related("user", "group__organisation"):
            request.give_time(at)
        return membership

    def tend(self, at) -> None:
        """Whose turn it is, whose time is out. With the group held; idempotent."""
        waiting = self.requests.live().select_related("user", "group__organisation")
        for request in waiting.in_order():
            request.advance(self, at)

    def reword(self, at=None) -> None:
        """Other words, another size: who waits may have a place now."""
        with transaction.atomic():
            self.held()
            self.save()
            if not self.is_team:
                self.tend(at or timezone.now())

    def hold_dates(self) -> None:
        """Until the end of the transaction nobody else plans or moves meetings of this group."""
        Group.objects.select_for_update(no_key=True).get(pk=self.pk)

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
    def is_running(self) -> bool:
        return self.status == Group.Status.RUNNING

    @property
    def is_findable(self) -> bool:
        """By leaders of its organisation."""
        listed = self.status in Group.LIVING and self.join_policy in Group.LISTED
        return listed and not self.is_team

    @property
    def is_open(self) -> bool:
        """One tap, while it is forming."""
        forming = self.status == Group.Status.FORMING and not self.is_team
        return forming and self.join_policy == Group.JoinPolicy.OPEN

    @property
    def asks_members(self) -> bool:
        """All members say yes to whoever comes in."""
        return self.is_running or self.join_policy == Group.JoinPolicy.ASK

    @property
    def door(self) -> str:
        """How somebody outside comes in, of a group fetched `with_doors`."""
        if self.has_queue or self.members + self.kept >= self.size:
            return "wait"
        return "ask" if self.asks_members else "join"

    def member_keys(self) -> list[int]:
        return list(self.memberships.standing().values_list("user_id", flat=True))

    def places_left(self, members: list[int] | None = None) -> int:
        members = self.member_keys() if members is None else members
        resting = self.memberships.resting().count()
        return self.size - len(members) - resting - self.requests.holding_a_place().count()

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
