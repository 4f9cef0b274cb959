"""The year as a picture: for everybody in the organisation."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from meetings.season_map import SeasonMap, chosen
from meetings.season_picture import Picture


def season_map(request):
    """?from=2026-07&unit=…: a year from there, of that unit or of the whole organisation."""
    organisation = request.user.organisation
    if organisation is None:
        raise Http404
    now = timezone.now()
    units = list(organisation.units.with_units_below().order_by("name", "pk"))
    wanted = request.GET.get("unit", "")
    unit = next((one for one in units if str(one.pk) == wanted), None)
    if wanted and unit is None:
        raise Http404
    begins = chosen(request.GET.get("from", ""), organisation.local_date(now))
    season = SeasonMap(request.user, unit, begins, now)
    context = {"season": season, "picture": Picture(season), "units": units}
    return render(request, "meetings/season_map.html", context)
