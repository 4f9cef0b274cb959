"""The end of a season and the beginning of the next, with what was learnt."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from meetings.models import AgendaItem, Commitment, Series
from meetings.models.series import end_of_half_year

SOON = timedelta(days=28)  # before its end a season asks for the next
LATE = timedelta(days=60)  # and after it, no longer than this


def to_continue(user, today: date):
    """Seasons that end soon, or have just ended, whose next this person is to plan."""
    ending = Series.objects.schedulable_by(user).filter(
        ended_at=None, ends_on__gt=today - LATE, ends_on__lte=today + SOON
    )
    ending = ending.exclude(pk__in=ending.continued().values("pk"))
    return ending.select_related("group").order_by("ends_on", "pk")


class NextSeason:
    """What a season leaves behind, and the season that takes it along."""

    def __init__(self, series: Series):
        self.series = series

    # ---- verbs

    def begin(self, by, at: datetime | None = None) -> Series:
        """Plan the next season in the same rhythm, place and format, with the same standing items.

        Begun twice it is begun once. Raises ValidationError where something is in the way.
        """
        group = self.series.group
        with transaction.atomic():
            group.hold_dates()
            if there := self.there():
                return there
            planned = self.thought(by).settle(at=at)
            for item in self.standing_items():
                AgendaItem.objects.get_or_create(
                    group=group,
                    season=planned,
                    status=AgendaItem.Status.STANDING,
                    question=item.question,
                    defaults={
                        "by": item.by,
                        "minutes": item.minutes,
                        "guidepost": item.guidepost,
                        "theme": item.theme,
                        "proposed_at": at or timezone.now(),
                    },
                )
        return planned

    # ---- questions

    def there(self) -> Series | None:
        """The season after this one, if somebody has planned it already."""
        later = self.series.group.series.filter(starts_on__gt=self.series.ends_on, ended_at=None)
        return later.order_by("starts_on").first()

    def thought(self, by) -> Series:
        """Unsaved: the same rhythm goes on until the end of its half-year."""
        thought = Series.first_thought(self.series.group, by=by)
        thought.ends_on = end_of_half_year(thought.starts_on)
        return thought

    def standing_items(self):
        return self.series.standing_items.standing()


def taught(series: Series) -> list[Commitment]:
    """What the experiments of this season, and of the one before, have taught the group."""
    seasons = Series.objects.filter(group=series.group_id, starts_on__lte=series.starts_on)
    last_two = seasons.order_by("-starts_on").values("pk")[:2]
    return list(Commitment.objects.lessons().filter(meeting__series__in=last_two))
