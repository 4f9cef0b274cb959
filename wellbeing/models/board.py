"""What lies on the board of a theme day: notes, headlines, dots, wordings."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _

from wellbeing.models.guidepost import Guidepost
from wellbeing.models.theme import Theme


class Note(models.Model):
    """A few words on the board: somebody's, or nobody's.

    Nobody's means that no column leads to whoever wrote it: no author, no time, and a random key,
    so that notes have no order. What can't be helped: the database lays rows down one after the
    other, and for as long as the web server keeps its log it knows who sent something when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.ForeignKey("wellbeing.ThemeDay", models.PROTECT, related_name="notes")
    text = models.CharField(_("note"), max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cluster = models.ForeignKey(
        "wellbeing.Cluster", models.PROTECT, null=True, blank=True, related_name="notes"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text

    @staticmethod
    def new_key() -> uuid.UUID:
        return uuid.uuid4()


class ClusterQuerySet(models.QuerySet):
    def with_numbers(self):
        """How many dots: those counted, or those given so far. Never whose."""
        return self.annotate(number=F("dots") + Count("given_dots", distinct=True))

    def best_first(self):
        return self.with_numbers().order_by("-number", "pk")


class Cluster(models.Model):
    """Notes that belong together, under a headline."""

    day = models.ForeignKey("wellbeing.ThemeDay", models.PROTECT, related_name="clusters")
    headline = models.CharField(_("headline"), max_length=120)
    dots = models.PositiveIntegerField(default=0)  # once they are counted

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "headline"], name="one_cluster_per_headline"),
        ]

    def __str__(self):
        return self.headline


class Dot(models.Model):
    """Somebody's choice. It knows whose only until the day is finished, to count them right."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="given_dots")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "person"], name="one_dot_a_headline_and_person"
            ),
        ]


class Wording(models.Model):
    """A guidepost on its way."""

    day = models.ForeignKey("wellbeing.ThemeDay", models.PROTECT, related_name="wordings")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="wordings"
    )
    wording = models.CharField(_("wording"), max_length=200)
    how_we_see_it = models.CharField(_("how we see it"), max_length=300, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    replaces = models.ForeignKey(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="rewordings"
    )
    guidepost = models.OneToOneField(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="worded_as"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.wording

    @property
    def said(self) -> dict[str, str]:
        return {
            "wording": self.wording,
            "theme": self.theme,
            "how_we_see_it": self.how_we_see_it,
        }

    def stand(self, day, on) -> None:
        """It stands from now on; finished once more within the day, as it is worded by now."""
        if self.guidepost:
            Guidepost.objects.filter(pk=self.guidepost_id).update(**self.said)
            return
        if self.replaces and self.replaces.is_standing:
            self.guidepost = self.replaces.reword(origin=day, on=on, **self.said)
        else:
            self.guidepost = Guidepost.objects.word(
                day.organisation, day.unit, origin=day, on=on, **self.said
            )
        self.save(update_fields=["guidepost"])
