"""What it gave me, in three sentences: told by a leader who wants to, gone when they say so."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Organisation, User
from wellbeing.models.guidepost import Guidepost

LONGEST = 600  # three good sentences, and a bit
TO_READ_WHY = timedelta(days=30)  # so long the teller finds one that was taken down


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody in the organisation reads them; whoever leaves takes theirs along."""
        here = self.filter(organisation=user.organisation_id, by__left_at=None)
        return here.filter(taken_down_on=None)

    def told_by(self, user):
        return self.filter(by=user)

    def taken_down(self):
        return self.exclude(taken_down_on=None)

    def in_order(self):
        """The newest first."""
        return self.order_by("-told_on", "-pk").select_related("by", "guidepost")

    def tell(self, by: User, text: str, *, guidepost=None, named: bool = False, on=None) -> "Story":
        """Share it. Twice is once, with or without a name as it was said last.

        Raises ValidationError for the words of one that was taken down.
        """
        on = on or timezone.localdate()
        said = {"guidepost": guidepost, "named": named}
        said["told_on"] = on if named else last_of_month(on)
        with transaction.atomic():
            story, new = self.select_for_update(no_key=True).get_or_create(
                by=by, text=text, defaults={"organisation": by.organisation, **said}
            )
            if story.taken_down_on:
                raise ValidationError(
                    _("The secretariat has taken that down. Can it be said otherwise?")
                )
            if not new and (story.named, story.guidepost_id) != (named, guidepost and guidepost.pk):
                for name, value in said.items():
                    setattr(story, name, value)
                story.save(update_fields=[*said])
        return story

    def forget(self, now: datetime) -> None:
        """Nothing is kept of those who left: nobody is there any more to take it back. What was
        taken down goes once whoever told it has had the time to read why.
        """
        down = Q(taken_down_on__lt=(now - TO_READ_WHY).date())
        self.filter(Q(by__left_at__isnull=False) | down).delete()


class Story(models.Model):
    """About the coach education, or about a guidepost. `by` is kept so that it can be taken back;
    without `named` nobody is shown it, and of the day only the month is kept: who had just been on
    a course would be easy to guess.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="stories")
    by = models.ForeignKey(User, models.PROTECT, related_name="stories")
    text = models.CharField(max_length=LONGEST)
    guidepost = models.ForeignKey(  # none: about the coach education
        Guidepost, models.PROTECT, null=True, blank=True, related_name="stories"
    )
    named = models.BooleanField(default=False)
    told_on = models.DateField(default=timezone.localdate)  # unnamed: the last of that month
    taken_down_on = models.DateField(null=True, blank=True)  # by the secretariat, and…
    taken_down_why = models.CharField(gettext_lazy("why"), max_length=200, blank=True)  # …why

    objects = StoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "text"],
                name="each_story_told_once",
                violation_error_message=gettext_lazy("You have told that already."),
            ),
            models.CheckConstraint(
                condition=Q(taken_down_on=None, taken_down_why="")
                | Q(taken_down_on__isnull=False) & ~Q(taken_down_why=""),
                name="taken_down_says_why",
                violation_error_message=gettext_lazy("Say why: whoever told it reads it."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-told_on", "-id"], name="newest_stories")]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{reverse('wellbeing:stories')}#story-{self.pk}"

    @staticmethod
    def may_be_told_by(user: User) -> bool:
        """By leaders, the senior ones too. The secretariat reads along."""
        return bool(user.organisation_id) and not user.is_secretariat

    def take_down(self, why: str, on: date | None = None) -> None:
        """By the secretariat, where it says too much of somebody. Only its teller still reads it.
        Twice is once.
        """
        if not why.strip():
            raise ValidationError(_("Say why: whoever told it reads it."))
        Story.objects.filter(pk=self.pk, taken_down_on=None).update(
            taken_down_on=on or timezone.localdate(), taken_down_why=why.strip()
        )

    def withdraw(self) -> None:
        """Gone at once, with its words."""
        self.delete()

    @property
    def teller(self) -> User | None:
        return self.by if self.named else None


def last_of_month(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])
