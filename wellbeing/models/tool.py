"""The tool shelf: what others have made for leaders, in our own words, with a link or a file."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from networks.models import Organisation
from wellbeing import starters
from wellbeing.models.theme import Step, Theme

BIGGEST = 20 * 2**20  # bytes of a file


class ToolQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.on_the_shelf(user.organisation_id)

    def on_the_shelf(self, organisation: int | None):
        """The starters, and what the organisation has put beside them."""
        if organisation is None:
            return self.none()
        mine = Q(organisation=None) | Q(organisation=organisation)
        return self.filter(mine, retired_at=None)

    def fitting(self, themes: Iterable[str], step: str = ""):
        """What helps with these themes, first what concerns the same people, then what was made
        for few themes. Where nothing is said of a theme, the step decides alone.
        """
        themes = [theme for theme in themes if theme in Theme]
        about = Q(themes__overlap=themes) if themes else Q(step=step)
        concerns = Case(When(step=step, then=0), default=1)
        return self.filter(about).order_by(concerns, "themes__len", "pk")

    def in_order(self):
        return self.order_by("organisation", "pk").defer("file__data").select_related("file")

    def ensure_starters(self) -> None:
        """Two tools that are there from the first day. Idempotent."""
        self.bulk_create(
            [Tool(key=key, **tool) for key, tool in starters.TOOLS.items()], ignore_conflicts=True
        )

    def put_up(self, by, *, title: str, about: str, file=None, **values) -> "Tool":
        """One of the organisation's own. Raises ValidationError for a file that is no PDF."""
        if file is not None:
            check_pdf(file)
        with transaction.atomic():
            tool = self.create(
                organisation=by.organisation,
                **{f"title_{language}": title for language in ("da", "en")},
                **{f"about_{language}": about for language in ("da", "en")},
                **values,
            )
            if file is not None:
                file.seek(0)
                ToolFile.objects.create(tool=tool, name=file.name[-100:], data=file.read())
        return tool


class Tool(models.Model):
    """An entry on the shelf. A starter is nobody's and speaks both languages."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="tools"
    )
    key = models.CharField(max_length=40, blank=True)
    title_da = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    about_da = models.CharField(max_length=600)
    about_en = models.CharField(max_length=600)
    link = models.URLField(gettext_lazy("link"), max_length=500, blank=True)
    themes = ArrayField(models.CharField(max_length=20, choices=Theme), default=list)
    step = models.CharField(max_length=20, choices=Step, default=Step.SELF)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ToolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="one_tool_per_starter"
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(key=""), name="a_starter_tool_is_nobodys"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('wellbeing:tools')}#tool-{self.pk}"

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_da

    @property
    def about(self) -> str:
        return self.about_en if get_language() == "en" else self.about_da

    @property
    def theme_labels(self) -> list[str]:
        return [Theme(theme).label for theme in self.themes if theme in Theme]

    def retire(self, at=None) -> None:
        self.retired_at = self.retired_at or at or timezone.now()
        self.save(update_fields=["retired_at"])


class ToolFile(models.Model):
    """Its file, in the database: so every machine that serves pages has it."""

    tool = models.OneToOneField(Tool, models.PROTECT, related_name="file")
    name = models.CharField(max_length=100)
    data = models.BinaryField()

    def __str__(self):
        return self.name


def check_pdf(file) -> None:
    """By what is in it, not by what it is called. Raises ValidationError, kindly."""
    if file.size > BIGGEST:
        raise ValidationError(_("The file is larger than 20 MB. Make it smaller, or link to it."))
    file.seek(0)
    head = file.read(1024)
    file.seek(max(file.size - 2048, 0))
    foot = file.read()
    if not head.lstrip().startswith(b"%PDF-") or b"%%EOF" not in foot or b"startxref" not in foot:
        raise ValidationError(
            _("That is no PDF, whatever it is called. Save it as PDF and try again.")
        )
