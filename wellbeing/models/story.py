"""What it gave me, in three sentences: told by a leader who wants to, gone when they say so."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models import Organisation, User
from wellbeing.models.guidepost import Guidepost

LONGEST = 600  # three good sentences, and a bit


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody in the organisation reads them; whoever leaves takes theirs along."""
        return self.filter(organisation=user.organisation_id, by__left_at=None)

    def told_by(self, user):
        return self.filter(by=user)

    def in_order(self):
        """The newest first."""
        return self.order_by("-told_on", "-pk").select_related("by", "guidepost")

    def tell(self, by: User, text: str, *, guidepost=None, named: bool = False, on=None) -> "Story":
        """Share it. Twice is once."""
        said = {"guidepost": guidepost, "named": named, "told_on": on or timezone.localdate()}
        return self.get_or_create(
            by=by, text=text, defaults={"organisation": by.organisation, **said}
        )[0]

    def forget(self) -> None:
        """Nothing is kept of those who left: nobody is there any more to take it back."""
        self.filter(by__left_at__isnull=False).delete()


class Story(models.Model):
    """About the coach education, or about a guidepost. `by` is kept so that it can be taken back;
    without `named` nobody is shown it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="stories")
    by = models.ForeignKey(User, models.PROTECT, related_name="stories")
    text = models.CharField(max_length=LONGEST)
    guidepost = models.ForeignKey(  # none: about the coach education
        Guidepost, models.PROTECT, null=True, blank=True, related_name="stories"
    )
    named = models.BooleanField(default=False)
    told_on = models.DateField(default=timezone.localdate)

    objects = StoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "text"],
                name="each_story_told_once",
                violation_error_message=_("You have told that already."),
            )
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

    def withdraw(self) -> None:
        """Gone at once, with its words."""
        self.delete()

    @property
    def teller(self) -> User | None:
        return self.by if self.named else None
