"""What a group is asked to tap on, and who sees the figure: chosen for a season."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.format import in_own_language
from meetings.models.series import Series
from networks.models import Group


class TapQuestionQuerySet(models.QuerySet):
    def open_to(self, group: Group):
        """The starters and the group's own."""
        return self.filter(Q(group=None) | Q(group=group))

    def in_order(self):
        return self.order_by(models.F("group").asc(nulls_first=True), "pk")

    def word(self, group: Group, wording: str) -> "TapQuestion":
        """One of the group's own, in its own language. The same words are the same question."""
        return self.get_or_create(group=group, wording_da=wording)[0]


class TapQuestion(models.Model):
    """A sentence one says yes or no to, in five steps. Starters belong to no group."""

    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="tap_questions"
    )
    slug = models.SlugField(blank=True, editable=False)  # a starter's fixed name
    wording_da = models.CharField(max_length=120)
    wording_en = models.CharField(max_length=120, blank=True)

    objects = TapQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug=""), name="one_tap_starter_per_name"
            ),
            models.UniqueConstraint(
                fields=["group", "wording_da"], name="a_group_words_a_tap_question_once"
            ),
            models.CheckConstraint(
                condition=Q(group=None) & ~Q(slug="") | Q(group__isnull=False, slug=""),
                name="a_tap_starter_belongs_to_nobody",
            ),
        ]

    def __str__(self):
        return in_own_language(self.wording_da, self.wording_en)


class TapChoiceQuerySet(models.QuerySet):
    def for_season(self, series: Series) -> "TapChoice":
        """What holds in that season; unsaved where nobody has chosen.

        The question goes on from season to season; that the senior manager sees is said anew.
        """
        mine = self.select_related("question", "said_by")
        if found := mine.filter(series=series).first():
            return found
        last = mine.filter(series__group=series.group_id).order_by("-series__starts_on").first()
        question = last.question if last else TapQuestion.objects.in_order().first()
        return TapChoice(series=series, question=question)


class TapChoice(models.Model):
    """What a group has decided about taps for a season: which question, and who sees the figure."""

    series = models.OneToOneField(Series, models.PROTECT, related_name="tap_choice")
    question = models.ForeignKey(TapQuestion, models.PROTECT, related_name="+")
    senior_manager_sees = models.BooleanField(default=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who decided whether he sees it: shown to all

    objects = TapChoiceQuerySet.as_manager()

    def __str__(self):
        return f"{self.series_id}: {self.question_id}"

    def ask(self, question: TapQuestion, by) -> None:
        """From the next round on. The senior manager doesn't choose what leaders are asked."""
        self._change(by, question=question)

    def say(self, senior_manager_sees: bool, by) -> None:
        """Whether the senior manager sees the figures of the rounds to come, by any member.

        A round that has been opened keeps what was promised when it was.
        """
        if not self.series.group.is_team:
            raise ValidationError(_("A network group’s figure is seen by the group alone."))
        self._change(by, senior_manager_sees=senior_manager_sees, said_by=by)

    def _change(self, by, **values) -> None:
        if by.pk not in self.series.group.member_keys():
            raise PermissionDenied
        with transaction.atomic():
            self.series.group.hold_dates()  # two who decide at once wait for each other
            now = TapChoice.objects.for_season(self.series)
            for name, value in values.items():
                setattr(now, name, value)
                setattr(self, name, value)
            now.save()
            self.pk = now.pk
