from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models.concern import Concern
from networks.models.membership import YEAR

TO_ANSWER = timedelta(days=21)
LEAST = 3  # answers of which numbers are shown
SHOWN = timedelta(days=42)  # how long the numbers stand on the group's page


class ReviewQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def asks(self, member) -> Exists:
        """For a queryset of this person's memberships."""
        answered = ReviewAnswer.objects.filter(review=OuterRef("pk"), member=member)
        return Exists(self.open().filter(~Exists(answered), group=OuterRef("group")))

    def with_answer_of(self, member):
        mine = ReviewAnswer.objects.filter(review=OuterRef("pk"), member=member)
        return self.annotate(own_answer=Subquery(mine.values("choice")[:1]))

    def shown(self, now):
        """What is asked now, or came out of it lately."""
        lately = Q(closed_at__gt=now - SHOWN, go_on__isnull=False)
        return self.filter(Q(closed_at=None) | lately).order_by("-asked_at", "-pk")

    def tend(self, now) -> None:
        """Each minute: ask the groups whose year has passed, close what has had its time."""
        self._ask(now)
        for review in self.open().filter(asked_at__lte=now - TO_ANSWER).select_related("group"):
            review.close(at=now)

    def _ask(self, now) -> None:
        from networks.models.group import Group

        last = self.filter(group=OuterRef("pk")).order_by("-asked_at").values("asked_at")[:1]
        running = Group.objects.filter(kind=Group.Kind.NETWORK, status=Group.Status.RUNNING)
        since = running.annotate(since=Coalesce(Subquery(last), "created_at"))
        keys = since.filter(since__lte=now - YEAR).values_list("pk", flat=True)
        rows = [Review(group_id=pk, asked_at=now) for pk in keys]
        self.bulk_create(rows, ignore_conflicts=True)


class Review(models.Model):
    """Once a year a group asks itself: go on, mix or end well? Who answered what is forgotten when
    all have; the three numbers stay.
    """

    group = models.ForeignKey("networks.Group", models.PROTECT, related_name="reviews")
    asked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    go_on = models.PositiveSmallIntegerField(null=True)
    mix = models.PositiveSmallIntegerField(null=True)
    end_well = models.PositiveSmallIntegerField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(closed_at=None), name="one_review_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.group_id} {self.asked_at:%Y}"

    # ---- verbs

    def say(self, member, choice: str, at=None) -> None:
        """One tap, and the last one counts until all have answered."""
        with transaction.atomic():
            group, members = self.group.held()
            self.refresh_from_db(fields=["closed_at"])
            if self.closed_at or member.pk not in members:
                return
            self.answers.update_or_create(member=member, defaults={"choice": choice})
            said = set(self.answers.values_list("member", flat=True))
            affirmed = group.memberships.standing().exclude(affirmed_at=None)
            if set(affirmed.values_list("user", flat=True)) <= said:
                self.close(at)

    def close(self, at=None) -> None:
        """Count, and forget who said what. Too few answers are no answer."""
        at = at or timezone.now()
        with transaction.atomic():
            group, members = self.group.held()
            self.refresh_from_db()
            if self.closed_at:
                return
            here = self.answers.filter(member__in=members).order_by()
            counted = dict(here.values_list("choice").annotate(number=Count("pk")))
            self.closed_at, total = at, sum(counted.values())
            if total >= LEAST and 2 * total >= len(members):
                for choice in ReviewAnswer.Choice:
                    setattr(self, choice, counted.get(choice, 0))
            self.save()
            self.answers.all().delete()
            if self.outcome == ReviewAnswer.Choice.MIX:
                Concern.objects.open(Concern.Kind.MIX, group, at=at)

    # ---- questions

    @property
    def outcome(self) -> str:
        """What more wanted than anything else, "" where nothing has more; to go on needs least."""
        if self.go_on is None:
            return ""
        most = max(self.go_on, self.mix, self.end_well)
        chosen = [choice for choice in ReviewAnswer.Choice if getattr(self, choice) == most]
        return chosen[0].value if len(chosen) == 1 else ReviewAnswer.Choice.GO_ON.value


class ReviewAnswer(models.Model):
    """What one member says: read by that member alone, gone when the numbers stand."""

    class Choice(models.TextChoices):
        GO_ON = "go_on", _("go on")
        MIX = "mix", _("be mixed anew")
        END_WELL = "end_well", _("end well")

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "member"], name="one_answer_per_member_and_review"
            ),
        ]

    def __str__(self):
        return f"{self.review_id}"
