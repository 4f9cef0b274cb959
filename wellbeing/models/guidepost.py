from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Count, F, Q, Value, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Mod, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Organisation, Unit, User
from wellbeing.models.theme import Theme

FEWEST, MOST = 3, 9  # how many an owner can steer by at a time

LINE = """
WITH RECURSIVE line(id) AS (
    SELECT id FROM wellbeing_guidepost WHERE id = %s
    UNION
    SELECT earlier.id FROM line JOIN wellbeing_guidepost earlier ON earlier.successor_id = line.id
)
SELECT id FROM line
"""


class GuidepostQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organisation=user.organisation_id)

    def standing(self):
        return self.filter(retired_on=None)

    def retired(self):
        """Those nobody steers by any more; what was reworded lives on in its successor."""
        return self.exclude(retired_on=None).filter(successor=None)

    def owned_by(self, organisation: int, unit: int | None):
        """A unit's own, or those that the organisation has as a whole."""
        return self.filter(organisation=organisation, unit=unit)

    def of_one_line(self, pk: int):
        """That guidepost and all that it was worded from, the first words first."""
        return self.filter(pk__in=RawSQL(LINE, [pk])).order_by("worded_on", "pk")

    def in_order(self):
        """The organisation's own first, then unit by unit, each in the order they were worded."""
        in_turn = self.order_by(F("unit__name").asc(nulls_first=True), "unit", "pk")
        return in_turn.select_related("unit")

    def of_the_fortnight(self, today: date) -> "Guidepost | None":
        """One at a time, each for 14 days, in turn. An organisation may have hundreds."""
        in_turn = self.annotate(
            turn=Window(RowNumber(), order_by="pk"), all=Window(Count("pk"))
        ).filter(turn=Mod(Value(today.toordinal() // 14), F("all")) + 1)
        return in_turn.first()

    def word(
        self,
        organisation: Organisation,
        unit: Unit | None = None,
        *,
        wording: str,
        theme: str,
        how_we_see_it: str = "",
        origin=None,
        on: date | None = None,
    ) -> "Guidepost":
        """A new one. Raises ValidationError where nine stand, or this one does already."""
        new = Guidepost(
            organisation=organisation,
            unit=unit,
            wording=wording,
            how_we_see_it=how_we_see_it,
            theme=theme,
            origin=origin,
            worded_on=on or timezone.localdate(),
        )
        with transaction.atomic():
            new._make_room()
            new.save(force_insert=True)
        return new


class Guidepost(models.Model):
    """A shared value in the leaders' own words."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="guideposts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="guideposts")
    wording = models.CharField(gettext_lazy("wording"), max_length=200)
    how_we_see_it = models.CharField(gettext_lazy("how we see it"), max_length=300, blank=True)
    theme = models.CharField(gettext_lazy("theme"), max_length=20, choices=Theme)
    origin = models.ForeignKey(  # none: worded before Pejling, or by the secretariat
        "wellbeing.ThemeDay", models.PROTECT, null=True, blank=True, related_name="guideposts"
    )
    worded_on = models.DateField(default=timezone.localdate)
    successor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessor"
    )
    retired_on = models.DateField(null=True, blank=True)
    retired_why = models.CharField(max_length=300, blank=True)

    objects = GuidepostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "wording"],
                condition=Q(retired_on=None),
                nulls_distinct=False,
                name="one_standing_guidepost_per_wording",
                violation_error_message=gettext_lazy("You steer by that one already."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(retired_on__isnull=False),
                name="what_was_reworded_stands_no_more",
            ),
        ]

    def __str__(self):
        return self.wording

    def get_absolute_url(self):
        # its whole thread, which meetings tells
        return reverse("meetings:guidepost", args=[self.pk])

    @property
    def is_standing(self) -> bool:
        return self.retired_on is None

    @property
    def owner(self) -> Unit | Organisation:
        return self.unit or self.organisation

    def may_be_changed_by(self, user: User) -> bool:
        """The secretariat may; the leaders do it together, while a theme day of theirs is open."""
        if self.organisation_id != user.organisation_id:
            return False
        if user.is_secretariat:
            return True
        from wellbeing.models.theme_day import ThemeDay

        return ThemeDay.objects.open_to(user).under_way().filter(unit=self.unit_id).exists()

    def reword(
        self,
        wording: str,
        theme: str,
        how_we_see_it: str = "",
        origin=None,
        on: date | None = None,
    ) -> "Guidepost":
        """The same value in better words. The old ones are kept; twice is once."""
        said = {"wording": wording, "theme": theme, "how_we_see_it": how_we_see_it}
        with transaction.atomic():
            self._lock_owner()
            now = Guidepost.objects.select_related("successor").get(pk=self.pk)
            if now.successor or all(getattr(now, name) == text for name, text in said.items()):
                return now.successor or self
            if not now.is_standing:
                raise ValidationError(_("It is retired. Bring it back first."))
            self.retired_on = on or timezone.localdate()
            self.save(update_fields=["retired_on"])
            self.successor = Guidepost.objects.word(
                self.organisation, self.unit, origin=origin, on=self.retired_on, **said
            )
            self.save(update_fields=["successor"])
        return self.successor

    def retire(self, why: str, on: date | None = None) -> None:
        """Thanked and put away, with its history. Twice is once."""
        on = on or timezone.localdate()
        standing = Guidepost.objects.standing().filter(pk=self.pk)
        if standing.update(retired_on=on, retired_why=why):
            self.retired_on, self.retired_why = on, why

    def bring_back(self) -> None:
        """Raises ValidationError where nine stand by now."""
        with transaction.atomic():
            self._lock_owner()
            self.refresh_from_db(fields=["retired_on", "successor"])
            if self.is_standing or self.successor_id:
                return
            self._make_room()
            self.retired_on, self.retired_why = None, ""
            self.save(update_fields=["retired_on", "retired_why"])

    def with_earlier(self) -> list[int]:
        """Keys of it and of all that it was worded from: one thread."""
        with connection.cursor() as cursor:
            cursor.execute(LINE, [self.pk])
            return [key for (key,) in cursor.fetchall()]

    def _lock_owner(self) -> None:
        # two who word at once must not make ten of nine
        Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)

    def _make_room(self) -> None:
        self._lock_owner()
        beside = Guidepost.objects.owned_by(self.organisation_id, self.unit_id).standing()
        wordings = [said.casefold() for said in beside.values_list("wording", flat=True)]
        if self.wording.casefold() in wordings:
            raise ValidationError(_("You steer by that one already."))
        if len(wordings) >= MOST:
            raise ValidationError(
                _("%(owner)s steers by nine already. Retire one first, or reword two into one.")
                % {"owner": self.owner}
            )
