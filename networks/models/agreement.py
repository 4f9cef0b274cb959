from django.db import models
from django.utils.translation import get_language

from networks.models.organisation import Organisation


class Agreement(models.Model):
    """A version of the five lines (domain.md section 9.5)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    lines_da = models.JSONField()
    lines_en = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], name="one_agreement_per_version"
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.version}"

    @property
    def lines(self) -> list[str]:
        return self.lines_en if get_language() == "en" else self.lines_da
