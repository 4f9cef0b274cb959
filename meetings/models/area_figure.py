"""What the taps of an area say together: a trend in half steps, two months at a time.

A figure is made once, when its two months are over, and never made anew: so what was shown doesn't
change by somebody moving, or by counts that are deleted, and no two of them can be held against
each other. Each group counts in one place, its area or the organisation's rest, and each round in
one period, so that no answer stands in two figures.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.tap import KEPT, TapRound
from meetings.models.tap_choice import TapQuestion
from networks.models import Organisation, Unit

ANSWERS = 10  # left without any one group
GROUPS = 2  # left without any one group
CLOSE = 3  # two figures after each other differ by none, or by at least so many people


def period_of(day: date) -> date:
    """The first day of the two months in which it lies: about four meetings of a team."""
    return date(day.year, day.month - (day.month - 1) % 2, 1)


def after(period: date) -> date:
    return period_of(period + timedelta(days=63))


def half_steps(totals: list[int]) -> int:
    """The middle of what was tapped, rounded to half steps: 2 is “No”, 10 is “Yes”."""
    taken = sum(step * number for step, number in enumerate(totals, 1))
    return int(2 * taken / sum(totals) + 0.5)


def holds_without_any(by_group: dict[int, int], answers: int) -> bool:
    """Whether there would still be enough if any one of the groups weren't there."""
    if len(by_group) <= GROUPS:
        return False
    return sum(by_group.values()) - max(by_group.values()) >= answers


class AreaFigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody of the organisation."""
        return self.filter(organisation=user.organisation_id)

    def settle(self, now) -> None:
        """Make the figures of the periods that are over. Idempotent."""
        soonest = period_of(now.date() + timedelta(days=1))
        waiting = TapRound.objects.filter(is_open=False, counted=False, opened_on__lt=soonest)
        found = waiting.values_list("meeting__series__group__organisation", flat=True)
        for organisation in Organisation.objects.filter(pk__in=found.distinct()):
            with transaction.atomic():
                self._settle(organisation, period_of(organisation.local_date(now)))

    def _settle(self, organisation: Organisation, before: date) -> None:
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        rounds = TapRound.objects.filter(
            meeting__series__group__organisation=organisation,
            is_open=False,
            counted=False,
            opened_on__lt=before,
        ).select_related("question", "meeting__series__group")
        places = Places(organisation)
        piles = defaultdict(list)
        for one in rounds:
            if one.answers and not one.question.group_id:  # a group's own words stay in the group
                piles[period_of(one.opened_on), one.question_id].append(one)
        for (period, question), pile in sorted(piles.items()):
            for unit, part in places.shared_out(pile).items():
                self._note(organisation, unit, question, period, part)
        TapRound.objects.filter(pk__in=[one.pk for one in rounds]).update(counted=True)

    def _note(self, organisation, unit, question, period, rounds) -> None:
        answers = sum(one.answers for one in rounds)
        here = self.filter(organisation=organisation, unit=unit, question=question)
        last = here.filter(period__lt=period).order_by("-period").first()
        if last and 0 < abs(answers - last.answers) < CLOSE:
            return
        totals = [sum(numbers) for numbers in zip(*(one.totals for one in rounds), strict=True)]
        here.get_or_create(
            period=period,
            defaults={
                "organisation": organisation,
                "unit_id": unit,
                "question_id": question,
                "half_steps": half_steps(totals),
                "answers": answers,
            },
        )

    def forget(self, today: date) -> None:
        """Kept as long as the counts: until the last of its days is a year behind us."""
        self.filter(period__lt=period_of(today - KEPT)).delete()


class Places:
    """In which area each group counts. Areas that can't be shown count with the rest."""

    def __init__(self, organisation: Organisation):
        units = organisation.units.values_list("pk", "parent", "kind")
        self.units = {key: (parent, kind) for key, parent, kind in units}
        self.answers = max(ANSWERS, GROUPS * organisation.least_taps)

    def area_of(self, unit: int | None) -> int | None:
        while unit is not None and self.units[unit][1] != Unit.Kind.AREA:
            unit = self.units[unit][0]
        return unit

    def shared_out(self, rounds) -> dict[int | None, list[TapRound]]:
        piles = defaultdict(list)
        for one in rounds:
            piles[self.area_of(one.meeting.group.unit_id)].append(one)
        fit = {unit: pile for unit, pile in piles.items() if unit and self.holds(pile)}
        rest = [one for unit, pile in piles.items() if unit not in fit for one in pile]
        return fit | ({None: rest} if self.holds(rest) else {})

    def holds(self, rounds) -> bool:
        by_group: dict[int, int] = defaultdict(int)
        for one in rounds:
            by_group[one.meeting.series.group_id] += one.answers
        return holds_without_any(by_group, self.answers)


class AreaFigure(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="area_figures")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none is the groups across the organisation, and areas too small to be shown
    question = models.ForeignKey(TapQuestion, models.PROTECT, related_name="+")
    period = models.DateField()  # its first day
    half_steps = models.PositiveSmallIntegerField()
    answers = models.PositiveSmallIntegerField()  # for what may be shown beside it; never shown

    objects = AreaFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "question", "period"],
                name="one_area_figure_a_period",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(half_steps__gte=2, half_steps__lte=10, answers__gt=ANSWERS),
                name="an_area_figure_is_of_many",
                violation_error_message=_("Too few to be shown."),
            ),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.question_id} {self.period}: {self.half_steps}"
