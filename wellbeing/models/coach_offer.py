"""Being there for peers: who has been through the coach education may offer to coach others.

Who talks with whom is nobody's business, so nothing of it is written down anywhere.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.command import commands
from networks.models import User
from wellbeing.models.enrolment import Enrolment
from wellbeing.models.theme import Theme


class CoachOfferQuerySet(models.QuerySet):
    def standing(self):
        """Of those who are here and through. That they were is let go a year later (`Enrolment`):
        then the offer, which only they can have made, is enough, also where they are asked to
        another education since.
        """
        through = Exists(Enrolment.objects.through().filter(leader=OuterRef("by")))
        return self.filter(models.Q(rests_on=None) | through, by__left_at=None)

    def within(self, organisation: int | None):
        here = {"by__organisation": organisation or 0, "by__is_active": True}
        return self.standing().filter(**here, paused_at=None)

    def open_to(self, user: User):
        """To talk to: nobody above or below oneself, and not oneself. The secretariat knows how
        many there are, not who.
        """
        if user.is_secretariat:
            return self.none()
        others = self.within(user.organisation_id).exclude(by=user)
        in_line = commands(user.pk, others.values_list("by", flat=True))
        return others.exclude(by__in=in_line).select_related("by").order_by("by__sort_name", "by")

    def about(self, theme: str):
        """Those who named it, and those who talk about anything."""
        return self.filter(models.Q(themes__contains=[theme]) | models.Q(themes=[]))

    def of(self, user: User) -> "CoachOffer | None":
        return self.standing().select_related("by").filter(by=user).first()

    def make(self, by: User, *, line: str = "", themes=(), reach: str = "mail") -> "CoachOffer":
        """One a person; said again it says what was said last. Raises PermissionDenied for who
        isn't through.
        """
        if not CoachOffer.may_be_made_by(by):
            raise PermissionDenied
        said = {"line": line, "themes": list(themes), "reach": reach}
        if through := Enrolment.objects.through().filter(leader=by).order_by("pk").last():
            said["rests_on"] = through
        return self.update_or_create(by=by, defaults=said)[0]

    def tend(self) -> None:
        """An offer ends with whoever leaves, and with whoever wasn't through after all."""
        self.exclude(pk__in=self.standing().values("pk")).delete()


class CoachOffer(models.Model):
    class Reach(models.TextChoices):
        MAIL = "mail", _("by mail")
        PHONE = "phone", _("by phone")
        BOTH = "both", _("either way")

    by = models.OneToOneField(User, models.PROTECT, related_name="coach_offer")
    rests_on = models.ForeignKey(  # none: it is a year ago
        Enrolment, models.SET_NULL, null=True, blank=True, related_name="coach_offers"
    )
    line = models.CharField(max_length=200, blank=True)
    themes = ArrayField(  # none: about anything
        models.CharField(max_length=20, choices=Theme), default=list, blank=True
    )
    reach = models.CharField(max_length=10, choices=Reach, default=Reach.MAIL)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = CoachOfferQuerySet.as_manager()

    def __str__(self):
        return self.line

    def get_absolute_url(self):
        return reverse("wellbeing:coaches")

    @staticmethod
    def may_be_made_by(user: User) -> bool:
        """Through the education; or it was made by them then, and stands."""
        if not user.organisation_id or user.is_secretariat:
            return False
        through = Enrolment.objects.through().filter(leader=user).exists()
        return through or CoachOffer.objects.standing().filter(by=user).exists()

    def pause(self, wanted: bool = True, at=None) -> None:
        """Not found for a while; twice is once."""
        self.paused_at = (self.paused_at or at or timezone.now()) if wanted else None
        self.save(update_fields=["paused_at"])

    def end(self) -> None:
        self.delete()

    @property
    def phone(self) -> str:
        return "" if self.reach == self.Reach.MAIL else self.by.phone

    @property
    def email(self) -> str:
        """Also where the number they wanted to be called on is gone by now."""
        return "" if self.reach == self.Reach.PHONE and self.by.phone else self.by.email

    @property
    def theme_labels(self) -> list[str]:
        return [Theme(theme).label for theme in self.themes if theme in Theme]
