"""New groups in the making: who, how many, what the solver proposes, until they are started."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from networks import starter
from networks.composition import LARGEST, SMALLEST
from networks.models.group import Group
from networks.models.membership import Membership
from networks.models.organisation import Organisation
from networks.models.search import LEASE, Busy, Search
from networks.models.user import User
from notifications.models import Delivery

USUAL = 6  # members of a group
MOST_GROUPS = 60
MOST_PEOPLE = LARGEST * MOST_GROUPS
LONGER = 120  # seconds, for those who want to wait for a better one
UNDOABLE = 20


class CompositionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat's alone."""
        if not user.is_secretariat:
            return self.none()
        return self.filter(organisation=user.organisation_id)

    def left_lying(self, now):
        """Asked for and not begun, or begun by a worker that has gone."""
        waiting = Q(state=Composition.State.WAITING)
        dead = Q(state=Composition.State.WORKING, heartbeat_at__lt=now - LEASE)
        return self.filter(waiting | dead).order_by("pk")


class Composition(Search):
    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        WAITING = "waiting", _("waiting its turn")
        WORKING = "working", _("being composed")
        PROPOSED = "proposed", _("proposed")
        IMPOSSIBLE = "impossible", _("not possible as asked")
        FAILED = "failed", _("stopped by a fault")
        STARTED = "started", _("started")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="compositions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    number_of_groups = models.PositiveSmallIntegerField(
        _("how many groups"), validators=[MinValueValidator(1), MaxValueValidator(MOST_GROUPS)]
    )
    also_members = models.BooleanField(
        _("also those who are in a network group already"), default=False
    )
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)

    undo = models.JSONField(default=list)
    shared_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)

    objects = CompositionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=["waiting", "working"]),
                name="composition_under_way",
            )
        ]

    def __str__(self):
        return f"composition {self.pk}"

    def get_absolute_url(self):
        return reverse("networks:composition", args=[self.pk])

    # ---- who and how many

    @classmethod
    def draft(cls, by: User, at=None) -> "Composition":
        """With what is right most days: every leader who has no network group yet, in groups of
        six. An unfinished draft of the same person is gone on with.
        """
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=by.organisation_id)
            unfinished = cls.objects.filter(made_by=by, state=cls.State.DRAFT).first()
            if unfinished:
                return unfinished
            made = cls.objects.create(
                organisation=by.organisation,
                made_by=by,
                number_of_groups=1,
                created_at=at or timezone.now(),
            )
            people = made.usual_people()
            made._choose(people, max(1, round(len(people) / USUAL)))
        return made

    def candidates(self) -> models.QuerySet[User]:
        """Whom one can choose among: leaders of the organisation, and whether they have a group."""
        in_network = Membership.objects.standing().filter(
            user=models.OuterRef("pk"), group__kind=Group.Kind.NETWORK
        )
        return (
            User.objects.active()
            .filter(organisation=self.organisation_id, is_secretariat=False, is_superuser=False)
            .annotate(has_group=models.Exists(in_network))
            .select_related("unit")
            .order_by("sort_name", "pk")
        )

    def usual_people(self) -> list[int]:
        """Those of the level that most are of, since levels aren't mixed unless one wants to.

        Nobody where there are more than can be composed at once: then one chooses.
        """
        from networks import composing

        found = [one.pk for one in self.candidates() if self.also_members or not one.has_group]
        if len(found) > MOST_PEOPLE:
            return []
        leaders = composing.leading_leaders(found)
        employees = [one for one in found if one not in leaders]
        return employees if len(employees) >= len(leaders) else sorted(leaders)

    def choose(self, people, number_of_groups: int) -> None:
        """Who is to have a group, in how many. Who was there keeps their place and wishes."""
        with transaction.atomic():
            self.hold()._choose(people, number_of_groups)
        self.refresh_from_db()

    def choose_usual(self, also_members: bool) -> None:
        """Whom one would choose without looking, in groups of six."""
        with transaction.atomic():
            held = self.hold()
            held.also_members = also_members
            held.save(update_fields=["also_members"])
            people = held.usual_people()
            held._choose(people, max(1, round(len(people) / USUAL)))
        self.refresh_from_db()

    def _choose(self, people, number_of_groups: int) -> None:
        from networks.models.proposal import Seat

        here = set(self.candidates().filter(pk__in=people).values_list("pk", flat=True))
        was = set(self.seats.values_list("user_id", flat=True))
        gone = was - here
        self.seats.filter(user__in=gone).delete()
        self.wishes.filter(people__in=gone).delete()
        self.kept_apart.filter(Q(one__in=gone) | Q(other__in=gone)).delete()
        self.groups.filter(facilitator__in=gone).update(facilitator=None)
        Seat.objects.bulk_create(Seat(composition=self, user_id=one) for one in sorted(here - was))
        self._have_groups(number_of_groups)
        if here != was or self.number_of_groups != number_of_groups:
            self.number_of_groups, self.undo, self.proven = number_of_groups, [], False
            self.state, self.shared_at = self.State.DRAFT, None
            self.save(update_fields=["number_of_groups", "undo", "proven", "state", "shared_at"])
        self.look_up()

    def _have_groups(self, number: int) -> None:
        from networks.models.proposal import ProposedGroup

        self.groups.filter(number__gte=number).delete()
        have = self.groups.count()
        names = self._names()
        ProposedGroup.objects.bulk_create(
            ProposedGroup(composition=self, number=n, name=next(names)) for n in range(have, number)
        )

    def _names(self):
        """Words from the sea that no group has yet; after them numbers."""
        taken = {n.casefold() for n in self.groups.values_list("name", flat=True)}
        taken |= {
            n.casefold()
            for n in Group.objects.filter(organisation=self.organisation_id).values_list(
                "name", flat=True
            )
        }
        yield from (name for name in starter.GROUP_NAMES if name.casefold() not in taken)
        number = 1
        while True:
            if (name := f"Gruppe {number}").casefold() not in taken:
                yield name
            number += 1

    def look_up(self) -> None:
        """What counts about each person, as it stands now: level, circles, line of command."""
        from networks import composing

        composing.look_up(self)

    # ---- wishes, and who is kept apart

    def wish(self, people: list[User]) -> None:
        """The first wants to be with the second; three or more want to be together. Once."""
        with transaction.atomic():
            self.hold()
            keys = [one.pk for one in people]
            for known in self.wishes.filter(by=keys[0]).with_people():
                if sorted(keys) == known.keys:
                    return
            self.wishes.create(by=people[0]).people.set(people)
            self._ask_again()

    def unwish(self, wish) -> None:
        with transaction.atomic():
            self.hold()
            wish.delete()
            self._ask_again()

    def keep_apart(self, one: User, other: User) -> None:
        with transaction.atomic():
            self.hold()
            first, second = sorted([one, other], key=lambda user: user.pk)
            self.kept_apart.get_or_create(one=first, other=second)
            self._ask_again()

    def let_together(self, pair) -> None:
        with transaction.atomic():
            self.hold()
            pair.delete()
            self._ask_again()

    def _ask_again(self) -> None:
        """What was said of the best that's possible no longer holds."""
        again = Composition.objects.filter(pk=self.pk, state=self.State.IMPOSSIBLE)
        again.update(state=self.State.DRAFT)
        Composition.objects.filter(pk=self.pk).update(proven=False, bound=0)

    # ---- adjusting

    def hold(self) -> "Composition":
        """The row, locked: nothing is adjusted while the solver works or after the start."""
        held = Composition.objects.select_for_update().get(pk=self.pk)
        if held.is_busy or held.state == self.State.STARTED:
            raise Busy
        return held

    def move(self, seat, group) -> None:
        """Put somebody into another of the groups. May break a rule: then it can't be started."""
        with transaction.atomic():
            held = self.hold()
            seat.refresh_from_db()
            if seat.group_id == group.pk:
                return
            was = {str(seat.user_id): seat.group.number if seat.group else None}
            held._note_undo(was)
            self.seats.filter(pk=seat.pk).update(group=group, wants_swap=False)
            held.suggest_facilitators()

    def _note_undo(self, was: dict) -> None:
        self.undo = [*self.undo, was][-UNDOABLE:]
        self.proven = False
        self.state = self.State.PROPOSED
        self.save(update_fields=["undo", "proven", "state"])

    def undo_last(self) -> bool:
        with transaction.atomic():
            held = self.hold()
            if not held.undo:
                return False
            *held.undo, was = held.undo
            held.save(update_fields=["undo"])
            held.seat({int(one): number for one, number in was.items()})
            return True

    def seat(self, numbers: dict[int, int | None]) -> dict[str, int | None]:
        """Put people into groups by their numbers; answers where they were, of those who moved."""
        from networks.models.proposal import Seat

        groups = {group.number: group for group in self.groups.all()}
        moved, was = [], {}
        for seat in self.seats.filter(user__in=numbers).select_related("group"):
            group = groups.get(numbers[seat.user_id])
            if seat.group != group:
                was[str(seat.user_id)] = seat.group.number if seat.group else None
                seat.group = group
                moved.append(seat)
        Seat.objects.bulk_update(moved, ["group"])
        self.suggest_facilitators()
        return was

    def suggest_facilitators(self) -> None:
        """In each group somebody who tends no other; who was chosen and still sits there, stays."""
        seats = list(self.seats.taken().filter(group__isnull=False).in_order())
        for group in self.groups.all():
            here = [seat for seat in seats if seat.group_id == group.pk]
            if group.facilitator_id in {seat.user_id for seat in here}:
                continue
            free = [seat for seat in here if not seat.facts.get("tends")] or here
            group.facilitator_id = free[0].user_id if free else None
            group.save(update_fields=["facilitator"])

    # ---- showing it to the leaders, and the end

    def share(self, at=None) -> None:
        """Show each leader their own proposed group; a mail says that it is there to be seen."""
        from networks.models.proposal import Seat

        with transaction.atomic():
            held = self.hold()
            if held.state != self.State.PROPOSED or held.shared_at:
                return
            held.shared_at = at or timezone.now()
            held.save(update_fields=["shared_at"])
            shown = held.seats.taken().filter(group__isnull=False).values_list("pk", "user_id")
            moment = str(int(held.shared_at.timestamp()))
            Delivery.objects.plan_each(
                "networks.proposed",
                Seat,
                [(seat, user, moment) for seat, user in shown],
                due_at=held.organisation.mail_hour(held.shared_at),
            )
            notifications.ring()

    def unshare(self) -> None:
        with transaction.atomic():
            held = self.hold()
            held.shared_at = None
            held.save(update_fields=["shared_at"])
            held.seats.update(wants_swap=False)

    def discard(self) -> None:
        with transaction.atomic():
            self.hold()
            self.delete()

    def found_groups(self, at=None) -> list[Group]:
        """Make the proposed groups real, all or none. Made twice is made once.

        Each says yes to the five lines for themselves, and who was kept apart is forgotten.
        Raises ValidationError where a rule is broken or a name is taken.
        """
        from networks import composing

        with transaction.atomic():
            held = Composition.objects.select_for_update().get(pk=self.pk)
            if held.state == self.State.STARTED:
                return [one.group for one in held.groups.select_related("group")]
            if held.state != self.State.PROPOSED:
                raise Busy
            held.look_up()
            composing.refuse_what_cannot_start(held)
            made = [composing.found(held, one, at=at) for one in held.groups.all()]
            held.kept_apart.all().delete()
            held.wishes.all().delete()
            held.seats.update(wants_swap=False)
            held.state, held.started_at = self.State.STARTED, at or timezone.now()
            held.undo, held.best = [], {}
            held.save(update_fields=["state", "started_at", "undo", "best"])
        self.refresh_from_db()
        return made

    # ---- questions

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None and self.state == self.State.PROPOSED

    @property
    def is_seated(self) -> bool:
        return self.state in (self.State.PROPOSED, self.State.STARTED)

    def refuse_impossible_numbers(self, people: int, groups: int) -> None:
        """Raises ValidationError with words that say what would do."""
        if SMALLEST * groups <= people <= LARGEST * groups:
            return
        if people < SMALLEST:
            raise ValidationError(
                _("A group needs at least four. Choose more leaders."), code="few"
            )
        fewest, most = -(-people // LARGEST), people // SMALLEST
        words = (
            _("%(people)s leaders make one group, not %(groups)s.")
            if fewest == most == 1
            else _(
                "%(people)s leaders can’t be %(groups)s groups of four to eight. "
                "Choose between %(fewest)s and %(most)s."
            )
        )
        raise ValidationError(
            words % {"people": people, "groups": groups, "fewest": fewest, "most": most},
            code="numbers",
        )
