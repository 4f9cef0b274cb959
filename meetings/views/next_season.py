"""The next season, with what this one taught: one page, one button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from meetings.models import Series
from meetings.next_season import NextSeason, taught
from networks.models import Group


def next_season(request, pk):
    series = get_object_or_404(
        Series.objects.visible_to(request.user).select_related(
            "group__organisation", "group__senior_manager", "format"
        ),
        pk=pk,
    )
    if not series.group.can_be_scheduled_by(request.user):
        raise PermissionDenied
    coming = NextSeason(series)
    if request.method == "POST":
        return _begin(request, coming)
    reads = Group.objects.open_to(request.user).filter(pk=series.group_id).exists()
    context = {
        "series": series,
        "group": series.group,
        "there": coming.there(),
        "thought": coming.thought(by=request.user),
        "reads": reads,
        "lessons": taught(series) if reads else [],
        "standing": coming.standing_items() if reads else [],
    }
    return render(request, "meetings/next_season.html", context)


def _begin(request, coming: NextSeason):
    try:
        planned = coming.begin(by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("meetings:new_series", coming.series.group_id)
    messages.success(request, _("The season is planned."))
    return redirect(planned)
