from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from networks.models import Organisation
from wellbeing import starters
from wellbeing.models.theme import Step, Theme


class DialogueQuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.open_in(user.organisation_id)

    def open_in(self, organisation):
        """The starters, and what the organisation has put into its own bank."""
        return self.filter(Q(organisation=None) | Q(organisation=organisation), retired_at=None)

    def meant_for(self, group):
        """What that group may be offered: some questions need a room without the boss in it."""
        found = self.open_in(group.organisation_id)
        return found.filter(networks_only=False) if group.is_team else found

    def tended_by(self, user):
        """Those of the organisation's own that this person may change or put away."""
        own = self.filter(organisation=user.organisation_id, retired_at=None)
        own = own.exclude(organisation=None)
        return own if user.is_secretariat else own.filter(by=user)

    def put_in(self, by, *, text: str, theme: str, step: str, networks_only: bool = False):
        """Into the organisation's own bank, in the words it was asked in. Twice is once."""
        said = {"text_da": text, "text_en": text, "theme": theme, "retired_at": None}
        return self.get_or_create(
            organisation=by.organisation,
            **said,
            defaults={"by": by, "step": step, "networks_only": networks_only},
        )[0]

    def ensure_starters(self) -> None:
        """The twelve questions that are there from the first day. Idempotent."""
        self.bulk_create(
            [
                DialogueQuestion(key=f"{theme}-{number}", theme=theme, **question)
                for theme, questions in starters.QUESTIONS.items()
                for number, question in enumerate(questions, 1)
            ],
            ignore_conflicts=True,
        )


class DialogueQuestion(models.Model):
    """A question from the bank, for the day when nobody brought one (domain.md section 9.3)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="dialogue_questions"
    )
    key = models.CharField(max_length=40, blank=True)  # a starter's name
    theme = models.CharField(max_length=20, choices=Theme)
    step = models.CharField(max_length=20, choices=Step, default=Step.PEERS)
    text_da = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    networks_only = models.BooleanField(default=False)
    by = models.ForeignKey(  # of the organisation's own; a starter is nobody's
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = DialogueQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="one_question_per_starter"
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(key=""), name="a_starter_is_nobodys"
            ),
        ]

    def __str__(self):
        return self.text

    def retire(self, at=None) -> None:
        """Offered no more; where it was asked it stands. Twice is once."""
        self.retired_at = self.retired_at or at or timezone.now()
        self.save(update_fields=["retired_at"])

    @property
    def text(self) -> str:
        return self.text_en if get_language() == "en" else self.text_da
