from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from config import live
from networks import command
from networks.models.agreement import Agreement
from networks.models.concern import Concern
from notifications.models import Delivery

YEAR = timedelta(days=365)
TO_AFFIRM = timedelta(days=14)  # to read the five lines in, before anybody is reminded


class MembershipQuerySet(models.QuerySet):
    def standing(self):
        """Who is in it, and whose place doesn't rest."""
        return self.kept().filter(suspended_at=None)

    def kept(self):
        """Those whose place rests, too."""
        return self.filter(left_at=None)

    def resting(self):
        return self.kept().filter(suspended_at__isnull=False)

    def unaffirmed(self, now):
        """Who was asked to read the five lines two weeks ago, and hasn't said yes."""
        new = Q(affirmed_at=None, joined_at__lte=now - TO_AFFIRM)
        again = Q(affirmed_at__lte=now - YEAR - TO_AFFIRM)
        return self.standing().filter(new | again, group__kind="network")

    def remind_of_the_lines(self, at=None) -> None:
        """One mail to each of those who haven't said yes; twice in a week is once."""
        at = at or timezone.now()
        with transaction.atomic():
            for one in self.unaffirmed(at).select_related("group__organisation"):
                hour = one.group.organisation.mail_hour(at)
                week, to = f"{at:%G-%V}", [one.user_id]
                Delivery.objects.plan("networks.lines", one, version=week, to=to, due_at=hour)
            notifications.ring()

    def keep_the_rule(self, at=None) -> None:
        """In the groups of these: the place of whoever stands above another member rests, and
        stands again as soon as they don't. Idempotent.
        """
        at = at or timezone.now()
        networks = self.kept().filter(group__kind="network").exclude(group__status="closed")
        groups = list(networks.order_by().values_list("group", flat=True).distinct())
        over = command.over_somebody(groups)
        here = Membership.objects.kept().filter(group__in=groups).order_by("group", "pk")
        here = here.select_related("group")
        for membership in here.filter(pk__in=over, suspended_at=None):
            membership.rest(at=at)
        for membership in here.resting().exclude(pk__in=over):
            membership.stand_again(at=at)

    def tending(self):
        return self.filter(role__in=[Membership.Role.FACILITATOR, Membership.Role.DEPUTY])

    def in_order(self):
        return self.select_related("user").order_by("user__sort_name", "user_id")

    def waiting_for(self, user, now, **also):
        """This person's memberships of which the group asks something just now.

        `also` are conditions, by name, of what a higher app asks for.
        """
        mine = self.kept().filter(user=user, group__kind="network")
        asks = (
            Q(suspended_at__isnull=False)
            | ~Q(affirms_again="")
            | ~Q(offered_role="")
            | Q(affirmed_at=None)
        )
        for name in ("is_asked", "rope_is_free", *also):
            asks |= Q(**{name: True})
        found = mine.exclude(group__status="closed").with_what_waits(now).annotate(**also)
        return found.filter(asks).select_related("group").order_by("group__name", "pk")

    def with_what_waits(self, now):
        """What a group asks of this member: the lines once more, the rope, a yes to somebody."""
        from networks.models.asking import JoinRequest, MembersAnswer

        others = Membership.objects.standing().filter(group=OuterRef("group"))
        newer = Agreement.objects.filter(
            organisation=OuterRef("group__organisation"), version__gt=OuterRef("agreement__version")
        )
        answered = MembersAnswer.objects.filter(
            request=OuterRef("pk"), member=OuterRef(OuterRef("user"))
        )
        asked = JoinRequest.objects.asked().filter(~Exists(answered), group=OuterRef("group"))
        came = Q(group__status="running") & Exists(
            others.filter(joined_at__gt=OuterRef("affirmed_at"))
        )
        tended = others.filter(role=Membership.Role.FACILITATOR)
        return self.annotate(
            affirms_again=models.Case(
                models.When(Q(group__kind="team") | Q(affirmed_at=None), then=models.Value("")),
                models.When(Exists(newer), then=models.Value("words")),
                models.When(came, then=models.Value("newcomer")),
                models.When(affirmed_at__lt=now - YEAR, then=models.Value("year")),
                default=models.Value(""),
                output_field=models.CharField(),
            ),
            is_asked=Q(group__kind="network") & Exists(asked),
            rope_is_free=Q(group__kind="network") & ~Exists(tended),
        )


class Membership(models.Model):
    class Role(models.TextChoices):
        MEMBER = "member", _("leader")
        FACILITATOR = "facilitator", _("facilitator")
        DEPUTY = "deputy", _("deputy facilitator")

    group = models.ForeignKey("networks.Group", models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    offered_role = models.CharField(max_length=12, choices=Role, blank=True)  # waits for a yes
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True)
    affirmed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    # Since when the place rests: they stand above another member since the organisation changed.
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)

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
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(left_at=None, role="deputy"),
                name="one_deputy_per_group",
            ),
            models.UniqueConstraint(
                fields=["group", "offered_role"],
                condition=Q(left_at=None) & ~Q(offered_role=""),
                name="one_is_asked_at_a_time",
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

    # ---- verbs

    def affirm(self, version: int | None = None, at=None) -> bool:
        """Say yes to the five lines. False if they have been reworded since they were read."""
        agreement = self.group.agreement
        if version is not None and version != agreement.version:
            return False
        self.agreement, self.affirmed_at = agreement, at or timezone.now()
        self.save(update_fields=["agreement", "affirmed_at"])
        return True

    def leave(self, at=None) -> None:
        """Leaving twice is leaving once. The deputy takes the rope; who waits is next."""
        at = at or timezone.now()
        with transaction.atomic():
            group, _members = self.group.held()
            if not Membership.objects.kept().filter(pk=self.pk).update(left_at=at):
                return
            self.left_at = at
            self.refresh_from_db(fields=["role"])
            self._hand_on(self.role, group, at)
            group.concerns.standing().about(self.user_id).close(at)
            if group.memberships.resting().exists():  # perhaps they stood below who rests
                group.memberships.keep_the_rule(at=at)

    def _hand_on(self, role: str, group, at) -> None:
        """The rope goes to the deputy, and whoever waits is looked after."""
        live.doubt(self.user_id)  # a device of theirs may be following a meeting just now
        if role == Membership.Role.FACILITATOR:
            standing = group.memberships.standing()
            standing.filter(role=Membership.Role.DEPUTY).update(
                role=Membership.Role.FACILITATOR, offered_role=""
            )
        if not group.is_team:
            group.tend(at)

    def rest(self, at=None) -> None:
        """They stand above another member by now: no content from this moment on. Their place is
        kept until the secretariat has found a way. Nobody in the group is told why.
        """
        at = at or timezone.now()
        with transaction.atomic():
            group, _members = self.group.held()
            self.refresh_from_db(fields=["role", "left_at", "suspended_at"])
            if self.left_at or self.suspended_at:
                return
            had, self.suspended_at = self.role, at
            self.role, self.offered_role = Membership.Role.MEMBER, ""
            self.save(update_fields=["role", "offered_role", "suspended_at"])
            self._hand_on(had, group, at)
            Concern.objects.open(Concern.Kind.COMMAND, group, self.user, at=at)

    def stand_again(self, at=None) -> None:
        """Nothing is in the way any more, so everything is theirs again."""
        with transaction.atomic():
            self.group.held()
            if Membership.objects.resting().filter(pk=self.pk).update(suspended_at=None):
                self.group.concerns.standing().about(self.user_id).close(at or timezone.now())
            self.suspended_at = None

    def offer(self, role: str, at=None) -> None:
        """Ask this member to take the rope, or to be ready to. Nothing changes before their yes."""
        at = at or timezone.now()
        with transaction.atomic():
            group, _members = self.group.held()
            standing = group.memberships.standing()
            me = standing.filter(pk=self.pk)
            if not me.exclude(role=role).exclude(offered_role=role).exists():  # asked already
                return
            standing.filter(offered_role=role).update(offered_role="")
            me.update(offered_role=role)
            self.offered_role = role
            Delivery.objects.plan(
                "networks.role_offered",
                self,
                version=f"{role} {int(at.timestamp())}",
                to=[self.user_id],
                due_at=group.organisation.mail_hour(at),
            )
            notifications.ring()

    def decline(self) -> None:
        self.offered_role = ""
        self.save(update_fields=["offered_role"])

    def take(self, role: str) -> bool:
        """Say yes: to what one was asked, or to the rope where nobody holds it."""
        with transaction.atomic():
            group, _members = self.group.held()
            self.refresh_from_db()
            if self.left_at or self.role == role:
                return not self.left_at
            free = not group.memberships.standing().filter(role=Membership.Role.FACILITATOR)
            rope = role == Membership.Role.FACILITATOR
            if self.offered_role != role and not (rope and free):
                return False
            self.become(role)
        return True

    def become(self, role: str) -> None:
        """Whoever had that role is an ordinary member from now on."""
        with transaction.atomic():
            if role != Membership.Role.MEMBER:
                had = Membership.objects.standing().filter(group=self.group_id, role=role)
                had.update(role=Membership.Role.MEMBER)
            self.role, self.offered_role = role, ""
            self.save(update_fields=["role", "offered_role"])

    # ---- questions

    @property
    def sees_content(self) -> bool:
        """A newcomer to a network group reads the five lines before any content."""
        return self.group.is_team or self.affirmed_at is not None

    @property
    def tends(self) -> bool:
        return self.role in (Membership.Role.FACILITATOR, Membership.Role.DEPUTY)
