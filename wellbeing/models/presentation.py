"""What was presented to management, to whom and when. It is put together out of the APV and the
guideposts, and kept as it stood then: what is written in them later changes nothing in it.
"""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Organisation, Unit, User
from wellbeing.models.action import Action
from wellbeing.models.apv import Apv
from wellbeing.models.finding import Finding
from wellbeing.models.guidepost import Guidepost


class PresentationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Guideposts alone: everybody. With an APV: who may read that APV, and who heads a unit
        above it, for it is to them that one presents.
        """
        read = Apv.objects.visible_to(user).values("pk")
        above = Unit.objects.headed_by(user).values("pk")
        here = self.filter(organisation=user.organisation_id or 0)
        return here.filter(Q(apv=None) | Q(apv__in=read) | Q(unit__in=above))

    def newest_first(self):
        return self.order_by("-presented_on", "-pk")

    def forget_apv(self) -> None:
        """The APV is kept no longer, so neither is what was told of it. What was decided stands,
        with the guideposts it was decided on.
        """
        undecided = self.filter(decisions=None)
        undecided.model.guideposts.through.objects.filter(presentation__in=undecided).delete()
        undecided.delete()
        for one in self:
            one.kept |= {"purpose": "", "absence": "", "themes": [], "kept_back": 0}
            one.apv, one.said = None, ""
            one.save(update_fields=["apv", "kept", "said"])

    def for_page(self):
        beside = "organisation", "unit", "presented_by"
        apv = "apv__organisation", "apv__unit", "apv__senior_manager"
        return self.select_related(*beside, *apv).prefetch_related("apv__seats")

    def present(
        self,
        by: User,
        to_whom: str,
        presented_on: date,
        said: str = "",
        apv: Apv | None = None,
        unit: Unit | None = None,
        at: datetime | None = None,
    ) -> "Presentation":
        """To the same people on the same day it is one. Raises ValidationError where there is
        nothing to present.
        """
        at = at or timezone.now()
        new = Presentation(
            organisation=by.organisation,
            apv=apv,
            unit=apv.unit if apv else unit,
            to_whom=to_whom,
            presented_on=presented_on,
            said=said,
            presented_by=by,
            made_at=at,
            kept_at=at,
        )
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
            same = {"organisation": new.organisation, "apv": apv, "unit": new.unit}
            same |= {"to_whom__iexact": to_whom, "presented_on": presented_on}
            if again := self.filter(**same).first():
                return again
            guideposts = new.guideposts_now()
            new.kept = new.as_it_stands(guideposts)
            if not guideposts and not new.kept["themes"]:
                raise ValidationError(
                    _("There is nothing to present yet: no guidepost, no finding.")
                )
            new.save(force_insert=True)
            new.guideposts.set(guideposts)
        return new


class Presentation(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="presentations")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="presentations"
    )
    apv = models.ForeignKey(
        Apv, models.PROTECT, null=True, blank=True, related_name="presentations"
    )
    guideposts = models.ManyToManyField(Guidepost, related_name="presentations", blank=True)
    to_whom = models.CharField(gettext_lazy("to whom"), max_length=160)
    presented_on = models.DateField(gettext_lazy("when"))
    said = models.CharField(gettext_lazy("in a sentence of our own"), max_length=400, blank=True)
    presented_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    kept = models.JSONField(default=dict)  # what stood in the APV and the guideposts, and…
    kept_at = models.DateTimeField()  # …when

    objects = PresentationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "apv", "to_whom", "presented_on"],
                nulls_distinct=False,
                name="presented_once_to_the_same_on_a_day",
                violation_error_message=gettext_lazy("That was presented to them on that day."),
            ),
        ]

    def __str__(self):
        return _("Presented to %(to_whom)s") % {"to_whom": self.to_whom}

    def get_absolute_url(self):
        return reverse("wellbeing:presentation", args=[self.pk])

    @property
    def owner(self) -> Unit | Organisation:
        return self.unit or self.organisation

    def may_be_changed_by(self, user: User) -> bool:
        """Who may make one may change it; how long, `is_fresh` says."""
        if user.is_secretariat or user.pk == self.presented_by_id:
            return True
        return bool(self.apv_id) and self.apv.may_be_framed_by(user)

    def is_fresh(self, at: datetime | None = None) -> bool:
        """Until the day it was presented and the day it was written down are over."""
        local = self.organisation.local_date
        return local(at or timezone.now()) <= max(self.presented_on, local(self.made_at))

    # ---- what is presented

    def guideposts_now(self) -> list[Guidepost]:
        """Those of the APV; where it has none the unit's own, else the organisation's."""
        if self.apv:
            of_the_apv = Guidepost.objects.filter(apv_themes__apv=self.apv).order_by("pk")
            if found := list(of_the_apv):
                return found
        owned = Guidepost.objects.owned_by(self.organisation_id, self.unit_id)
        whole = Guidepost.objects.owned_by(self.organisation_id, None)
        return list(owned.standing().order_by("pk")) or list(whole.standing().order_by("pk"))

    def as_it_stands(self, guideposts: list[Guidepost]) -> dict:
        """Words as they were written; names of persons only as keys, so that whoever leaves is
        gone from here too.
        """
        kept = {
            "guideposts": [
                {"wording": one.wording, "how": one.how_we_see_it, "theme": one.theme}
                for one in guideposts
            ],
            "purpose": "",
            "absence": "",
            "themes": [],
            "kept_back": 0,
        }
        return kept | _of_apv(self.apv) if self.apv else kept

    # ---- while it is fresh

    def correct(self, *, to_whom: str, presented_on: date, said: str, at=None) -> None:
        """And put it together anew from what stands now. Raises ValidationError afterwards."""
        at = at or timezone.now()
        with transaction.atomic():
            self._lock(at)
            self.to_whom, self.presented_on, self.said = to_whom, presented_on, said
            guideposts = self.guideposts_now()
            self.kept, self.kept_at = self.as_it_stands(guideposts), at
            self.validate_constraints()
            self.save()
            self.guideposts.set(guideposts)

    def take_back(self, at: datetime | None = None) -> None:
        """It wasn't presented after all. Raises ValidationError once something was decided."""
        with transaction.atomic():
            self._lock(at or timezone.now())
            if self.decisions.exists():
                raise ValidationError(_("Something was decided on it, so it stays."))
            self.guideposts.clear()
            self.delete()

    def _lock(self, at: datetime) -> None:
        now = Presentation.objects.select_for_update(no_key=True).get(pk=self.pk)
        self.presented_on, self.made_at = now.presented_on, now.made_at
        if not self.is_fresh(at):
            raise ValidationError(_("It has been presented, and stands as it was."))


def units_of_senior_manager(user: User):
    """Where this person leads leaders: in the line, over a team or an APV. The secretariat writes
    down what happens anywhere.
    """
    here = Unit.objects.filter(organisation=user.organisation_id or 0).order_by("name", "pk")
    if user.is_secretariat:
        return here
    in_line = Q(head=user, pk__in=Unit.objects.exclude(parent=None).values("parent"))
    teams = Q(pk__in=user.teams.exclude(status="closed").values("unit"))
    return here.filter(in_line | teams | Q(pk__in=user.apvs_to_answer.values("unit")))


def _of_apv(apv: Apv) -> dict:
    """Its findings in the leaders' words, what was assessed, and what came of it."""
    rows = Finding.objects.filter(theme__apv=apv).order_by("pk").prefetch_related("assessments")
    actions: dict[int, list[dict]] = {}
    for one in Action.objects.of(apv).select_related("assessment"):
        actions.setdefault(one.assessment.finding_id, []).append(_done_about(one))
    told: dict[int, list[dict]] = {}
    kept_back = 0
    for one in rows:
        # until the leaders release what was said, they tell what they have looked through
        if one.is_solved or one.assessment or apv.released_at:
            told.setdefault(one.theme_id, []).append(_found(one, actions.get(one.pk, [])))
        else:
            kept_back += 1
    themes = [
        {"heading": one.heading, "name": "" if one.heading else str(one), "findings": told[one.pk]}
        for one in apv.themes.in_order()
        if one.pk in told
    ]
    return {
        "purpose": apv.purpose,
        "absence": apv.sickness_absence,
        "themes": themes,
        "kept_back": kept_back,
    }


def _found(finding: Finding, actions: list[dict]) -> dict:
    standing = finding.assessment
    return {
        "words": finding.words,
        "voices": finding.voices,
        "solved_how": finding.solved_how,
        "solved_on": _day(finding.solved_on),
        "severity": standing.severity if standing else "",
        "extent": standing.extent if standing else "",
        "cause": standing.cause if standing else "",
        "actions": actions,
    }


def _done_about(action: Action) -> dict:
    return {
        "what": action.what,
        "who": action.who_id,
        "by_when": _day(action.by_when),
        "seen_by": action.seen_by,
        "answer": action.answer,
        "why": action.answer_why,
        "done_on": _day(action.done_on),
        "helped": action.helped,
        "effect": action.effect,
    }


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
