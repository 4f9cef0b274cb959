"""Asking to come into a network group: the members' yes, the waiting list, the place offered."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

import notifications
from networks import command
from networks.models.membership import Membership
from notifications.models import Delivery

TO_ANSWER = timedelta(days=14)  # how long members may think about somebody
FOR_A_NEWCOMER = timedelta(days=7)  # who came in meanwhile, to think as well
TO_TAKE = timedelta(days=7)  # how long an offered place is kept
QUIET = timedelta(days=60)  # before one may ask the same group again


class JoinRequestQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=JoinRequest.LIVE)

    def waiting(self):
        return self.filter(state=JoinRequest.State.WAITING)

    def asked(self):
        return self.filter(state=JoinRequest.State.ASKED)

    def offered(self):
        return self.filter(state=JoinRequest.State.OFFERED)

    def holding_a_place(self):
        """A place is kept for whom it is offered to, and for the first of the list meanwhile."""
        state = JoinRequest.State
        return self.filter(Q(state=state.OFFERED) | Q(state=state.ASKED, from_list=True))

    def in_order(self):
        return self.order_by("asked_at", "pk")

    def overdue(self, now):
        """Whose time has run out, and those of people who have left."""
        gone = Q(user__is_active=False) | Q(user__left_at__isnull=False)
        return self.live().filter(Q(until__lte=now) | gone | Q(group__status="closed"))

    def with_place_in_line(self):
        """How many stand before one: `ahead`."""
        before = Q(asked_at__lt=OuterRef("asked_at")) | Q(
            asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk")
        )
        line = JoinRequest.objects.waiting().filter(before, group=OuterRef("group"))
        ahead = line.order_by().values("group").annotate(number=Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(Subquery(ahead), 0))

    def answerable_by(self, user):
        """Of groups in which this person has said yes to the five lines."""
        affirmed = Membership.objects.standing().filter(user=user, affirmed_at__isnull=False)
        return self.filter(group__in=affirmed.values("group")).select_related("group", "user")

    def with_answer_of(self, member):
        mine = MembersAnswer.objects.filter(request=OuterRef("pk"), member=member)
        return self.annotate(own_answer=Subquery(mine.values("yes")[:1]))

    def tend(self, now) -> None:
        """Each minute: close what has run out, and reach members a rehearsal kept from hearing."""
        from networks.models.group import Group

        # A place may also have come free without a verb: a group made larger, a person gone.
        wanted = Group.objects.filter(pk__in=self.waiting().values("group"))
        full = wanted.with_size().filter(members__gte=F("size"))
        stuck = self.overdue(now) | self.waiting().exclude(group__in=full.values("pk"))
        for group in Group.objects.filter(pk__in=stuck.values("group")).order_by("pk"):
            with transaction.atomic():
                held, _members = group.held()
                held.tend(now)
        for request in self.unheard().select_related("group__organisation"):
            with transaction.atomic():
                request.tell_members(now)

    def unheard(self):
        """Asked of somebody who was never told, since the organisation rehearsed."""
        spared = Delivery.objects.filter(
            kind="networks.asked", subject_id=OuterRef("pk"), skip_reason="rehearsal"
        )
        return self.asked().filter(Exists(spared), group__organisation__begun_at__isnull=False)


class JoinRequest(models.Model):
    """One person asks to come into one group.

    Members answer privately and may change their mind. Only when all of them say yes does
    anything happen before the time is out: so neither a no nor a boss among the members, nor
    that somebody never answered, can be told from the other.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # on the list, for a place
        ASKED = "asked"  # the members think about it
        OFFERED = "offered"  # a place is kept
        JOINED = "joined"
        WITHDRAWN = "withdrawn"
        CLOSED = "closed"  # never says why

    LIVE = [State.WAITING, State.ASKED, State.OFFERED]

    group = models.ForeignKey("networks.Group", models.PROTECT, related_name="requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    from_list = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(state__in=["waiting", "asked", "offered"]),
                name="one_live_request_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "offered"], until__isnull=False)
                | ~Q(state__in=["asked", "offered"]),
                name="asked_and_offered_have_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group"],
                condition=Q(state__in=["waiting", "asked", "offered"]),
                name="requests_live",
            ),
            models.Index(fields=["user"], name="requests_of_a_person"),
        ]

    def __str__(self):
        return f"{self.user_id} to {self.group_id}: {self.state}"

    # ---- verbs

    def say(self, member, yes: bool, at=None) -> None:
        """A member's own answer, seen by nobody else. With the last yes the door opens."""
        at = at or timezone.now()
        with transaction.atomic():
            group, members = self.group.held()
            self.refresh_from_db()
            if self.state != self.State.ASKED or member.pk not in members:
                return
            self.answers.update_or_create(member=member, defaults={"yes": yes})
            self.advance(group, at)

    def withdraw(self, at=None) -> None:
        at = at or timezone.now()
        with transaction.atomic():
            group, _members = self.group.held()
            self.refresh_from_db()
            if self.is_live:
                self._end(self.State.WITHDRAWN, at)
                group.tend(at)

    def accept(self, at=None) -> Membership:
        """Take the place that is offered. Raises JoinRefused if it can't be had after all."""
        from networks.models.group import JoinRefused

        at = at or timezone.now()
        with transaction.atomic():
            group, members = self.group.held()
            self.refresh_from_db()
            if self.user_id in members:
                return group.memberships.standing().get(user=self.user)
            if self.state != self.State.OFFERED or self.until <= at or self.is_barred(members):
                raise JoinRefused
            return group.let_in(self.user, at=at, affirmed=False)

    def advance(self, group, at) -> None:
        """One step further, where one is due. Call it with the group held; idempotent."""
        if not self.is_live:
            return
        if self.user.left_at or not self.user.is_active:
            self._end(self.State.WITHDRAWN, at)
        elif group.status == group.Status.CLOSED or (self.until and self.until <= at):
            self._end(self.State.CLOSED, at)
        elif group.status == group.Status.PAUSED:
            return
        elif self.state == self.State.WAITING and group.places_left() > 0:
            self._its_turn(group, at)
        elif self.state == self.State.ASKED and self._all_say_yes(group):
            self._let_in(group, at)

    def _its_turn(self, group, at) -> None:
        if self.is_barred(group.member_keys()):
            self._end(self.State.CLOSED, at)
        elif group.asks_members and not self._all_say_yes(group):
            self.from_list = True
            self.ask(at)
        else:
            self._offer(at)

    def ask(self, at) -> None:
        """Members have two weeks, and nobody hears before what they say."""
        self._stand(self.State.ASKED, until=at + TO_ANSWER)
        self.tell_members(at)

    def _let_in(self, group, at) -> None:
        """The last yes. Where the rule of command forbids it now, time runs out as after a no."""
        if self.is_barred(group.member_keys()):
            return
        if self.from_list:
            self._offer(at)
        elif group.places_left() > 0:
            group.let_in(self.user, at=at, affirmed=False)
            self._tell("networks.let_in", at)
        else:
            self.from_list = True
            self._stand(self.State.WAITING)

    def _offer(self, at) -> None:
        self.from_list = True
        self._stand(self.State.OFFERED, until=at + TO_TAKE)
        self._tell("networks.place_offered", at)

    def joined(self, at) -> None:
        self._end(self.State.JOINED, at)

    def _end(self, state, at) -> None:
        """What members answered is forgotten with it."""
        self.ended_at = at
        self._stand(state)
        self.answers.all().delete()
        if state == self.State.CLOSED:
            self._tell("networks.not_now", at)

    def _stand(self, state, until=None) -> None:
        self.state, self.until = state, until
        self.save(update_fields=["state", "until", "from_list", "ended_at"])

    def _tell(self, kind: str, at) -> None:
        due_at = self.group.organisation.mail_hour(at)
        version = str(int(at.timestamp()))
        Delivery.objects.plan(kind, self, version=version, to=[self.user_id], due_at=due_at)
        notifications.ring()

    def tell_members(self, at) -> None:
        """One mail a member, who has time to think also if they came in late."""
        heard = self.answers.values("member")
        members = Membership.objects.standing().filter(group=self.group_id).exclude(user__in=heard)
        told = Delivery.objects.about(self).filter(kind="networks.asked")
        told = told.exclude(skip_reason="rehearsal").values("recipient")
        new = list(members.exclude(user__in=told).values_list("user", flat=True))
        if not new:
            return
        due_at = self.group.organisation.mail_hour(at)
        Delivery.objects.plan("networks.asked", self, version="1", to=new, due_at=due_at)
        notifications.ring()

    def give_time(self, at) -> None:
        """For somebody who came in while the others thought."""
        if self.until < at + FOR_A_NEWCOMER:
            self._stand(self.State.ASKED, until=at + FOR_A_NEWCOMER)
        self.tell_members(at)

    # ---- questions

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def is_barred(self, members) -> bool:
        return bool(command.commands(self.user_id, members))

    def _all_say_yes(self, group) -> bool:
        members = set(group.member_keys())
        yes = set(self.answers.filter(yes=True).values_list("member", flat=True))
        return bool(members) and members <= yes

    @property
    def place_in_line(self) -> int:
        """For who waits, and nobody else."""
        return JoinRequest.objects.filter(pk=self.pk).with_place_in_line().get().ahead + 1


class MembersAnswer(models.Model):
    """What one member says to who asks: read by that member alone, gone when it is over."""

    request = models.ForeignKey(JoinRequest, models.CASCADE, related_name="answers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    yes = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "member"], name="one_answer_per_member"),
        ]

    def __str__(self):
        return f"{self.request_id}"
