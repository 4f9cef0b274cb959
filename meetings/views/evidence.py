"""Evidence without exposure: one page for a team's season, for the team and its senior manager."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from meetings.evidence import Evidence
from meetings.models import Series
from networks.models import Group


def evidence(request, pk):
    """Theirs alone: the secretariat plans the season, and sees nothing of what is in it."""
    teams = Group.objects.open_to(request.user).filter(kind=Group.Kind.TEAM)
    found = Series.objects.filter(group__in=teams.values("pk"))
    series = get_object_or_404(
        found.select_related("group__organisation", "group__senior_manager", "continues"), pk=pk
    )
    context = {"series": series, "evidence": Evidence.of(series, timezone.now())}
    return render(request, "meetings/evidence.html", context)
