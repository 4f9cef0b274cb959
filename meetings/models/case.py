from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import MD5
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models import Group, Membership, Organisation
from wellbeing.models import Guidepost

UNDO = timedelta(days=1)  # how long what was taken back can be brought back


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def standing(self):
        return self.filter(withdrawn_at=None)

    def waiting(self):
        """Brought and not taken up: it stands on the group's next meeting, whichever that is."""
        return self.standing().filter(taken_at=None)

    def by_turn(self):
        """Whose question it is to be: whoever was the focus person longest ago, then who asked
        first.
        """
        from meetings.models.sparring import Sparring

        last = (
            Sparring.objects.closed()
            .filter(group=OuterRef("group"), focus_person=OuterRef("by"))
            .order_by()
            .values("focus_person")
            .values(last=Max("closed_at"))
        )
        return (
            self.select_related("by")
            .annotate(last_focus=Subquery(last))
            .order_by(F("last_focus").asc(nulls_first=True), "brought_at", "pk")
        )

    def for_page(self, user):
        """With whether this person looks after the group, and so may hide what names somebody."""
        tends = Membership.objects.standing().tending().filter(group=OuterRef("group"), user=user)
        return self.annotate(looks_after=Exists(tends))

    def taken_back_by(self, user):
        """What can still be brought back."""
        return self.filter(by=user, withdrawn_at__gt=timezone.now() - UNDO).order_by(
            "-withdrawn_at"
        )

    def with_group(self):
        return self.select_related("group__organisation", "by")

    def bring(self, group: Group, by, at=None, **what) -> "Case":
        """Bring a question to one's group. The same one while it waits is one question."""
        return self.waiting().get_or_create(
            group=group,
            by=by,
            question=what.pop("question"),
            defaults={"brought_at": at or timezone.now()} | what,
        )[0]

    def forget(self, now) -> None:
        """Rows that nobody is to find again: taken back, or nobody is left to whom they belong."""
        stands = Membership.objects.standing().filter(group=OuterRef("group"), user=OuterRef("by"))
        orphaned = Q(group__status=Group.Status.CLOSED) | ~Exists(stands)
        self.filter(withdrawn_at__lte=now - UNDO).delete()
        self.waiting().filter(orphaned).delete()


class Case(models.Model):
    """A question that a leader brings to their network group (in the interface: question).

    It belongs to the group and to nobody outside it; how long it is kept is decided in
    `Sparring`.
    """

    class Wants(models.TextChoices):
        SHARE = "share", _("wants to share")
        CHALLENGE = "challenge", _("wants to be challenged")
        TEST = "test", _("wants to test a decision")

    group = models.ForeignKey(Group, models.PROTECT, related_name="cases")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    question = models.CharField(_("question"), max_length=500)
    wants = models.CharField(max_length=10, choices=Wants)
    not_wanted = models.CharField(_("help that isn’t wanted"), max_length=200, blank=True)
    brought_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)  # when the group took it up
    hidden_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                "by",
                MD5("question"),
                condition=Q(withdrawn_at=None, taken_at=None),
                name="the_same_case_waits_once",
                violation_error_message=_("You have asked that already."),
            ),
        ]
        indexes = [models.Index(fields=["group"], name="case_of_group")]

    def __str__(self):
        # Never the question: what is printed ends in logs.
        return f"case {self.pk}"

    def get_absolute_url(self):
        return reverse("meetings:cases", args=[self.group_id])

    # ---- verbs

    def reword(self, **what) -> bool:
        """Say it otherwise; what was hidden is shown again. False if it waits already."""
        return self._save_unless_asked(hidden_at=None, **what)

    def withdraw(self, at=None) -> None:
        """Out of sight at once, and out of the database a day later."""
        self.withdrawn_at = self.withdrawn_at or at or timezone.now()
        self.save(update_fields=["withdrawn_at"])

    def bring_back(self) -> bool:
        return self._save_unless_asked(withdrawn_at=None)

    def hide(self, at=None) -> None:
        """It names somebody: only whoever asked sees it until they have said it otherwise."""
        self.hidden_at = self.hidden_at or at or timezone.now()
        self.save(update_fields=["hidden_at"])

    def _save_unless_asked(self, **values) -> bool:
        try:
            with transaction.atomic():
                Case.objects.filter(pk=self.pk).update(**values)
        except IntegrityError:
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    # ---- questions

    @property
    def tests_a_decision(self) -> bool:
        return self.wants == Case.Wants.TEST


class CaseCountQuerySet(models.QuerySet):
    def one_more(self, organisation: Organisation, guidepost: Guidepost) -> None:
        count, _new = self.get_or_create(organisation=organisation, guidepost=guidepost)
        self.filter(pk=count.pk).update(number=F("number") + 1)


class CaseCount(models.Model):
    """In how many talks of an organisation a guidepost was touched: all that stays of them."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="case_counts")
    guidepost = models.ForeignKey(Guidepost, models.PROTECT, related_name="case_counts")
    number = models.PositiveIntegerField(default=0)

    objects = CaseCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "guidepost"],
                name="one_count_per_guidepost",
            ),
        ]

    def __str__(self):
        return f"{self.guidepost_id}: {self.number}"
