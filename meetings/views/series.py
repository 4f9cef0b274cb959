"""Planning: a season with its preview, and moving or cancelling one meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from config.htmx import render_partial
from meetings.forms import CancelForm, MoveForm, SeriesForm
from meetings.models import Meeting, Series
from meetings.next_season import SOON, taught
from networks.models import Group

NEW = "meetings/new_series.html"


def new(request, pk):
    """A POST with `preview` only shows the dates; one without plans the season."""
    group = get_object_or_404(
        Group.objects.visible_to(request.user).alive().select_related("organisation"), pk=pk
    )
    if not group.can_be_scheduled_by(request.user):
        raise PermissionDenied
    form = SeriesForm(
        request.POST if request.method == "POST" else None,
        instance=Series.first_thought(group, by=request.user),
    )
    context = {"group": group, "form": form}
    if request.method != "POST":
        return render(request, NEW, context)
    if "preview" in request.POST:
        return render_partial(request, NEW, "preview", context)
    if form.is_valid():
        try:
            planned = form.instance.settle()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The season is planned."))
            return redirect(planned)
    return render(request, NEW, context, status=422)


def detail(request, pk):
    series = get_object_or_404(
        Series.objects.visible_to(request.user).select_related(
            "group__organisation", "successor", "continues"
        ),
        pk=pk,
    )
    found = series.meetings.select_related("cancellation").order_by("starts_at", "pk")
    counts_coming = series.group.is_team and request.user.is_secretariat
    meetings = list(found.with_coming() if counts_coming else found)
    for meeting in meetings:
        meeting.series = series
    series.point_out_gaps(meetings)
    now, planned = timezone.now(), {meeting.original_start for meeting in meetings}
    is_mine = Group.objects.open_to(request.user).filter(pk=series.group_id).exists()
    context = {
        "series": series,
        "group": series.group,
        "meetings": [meeting for meeting in meetings if not meeting.went_with_the_rest],
        "rest": [meeting for meeting in meetings if meeting.went_with_the_rest],
        "skipped": [d for d in series.dates() if d.skipped and d.starts_at not in planned],
        "next": next((m for m in meetings if m.ends_at > now and not m.is_cancelled), None),
        "can_schedule": series.group.can_be_scheduled_by(request.user),
        "is_mine": is_mine,
        "taught": taught(series) if is_mine else [],
        "ends_soon": series.ends_on <= timezone.localdate() + SOON and not series.ended_at,
        "counts_coming": counts_coming,
        "now": now,
    }
    return render(request, "meetings/series.html", context)


def move(request, pk):
    """A day on which people are away is asked about once more, never refused."""
    meeting = schedulable(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, meeting=meeting)
    context = {"meeting": meeting, "form": form, "people": meeting.series.people_told()}
    if request.method != "POST":
        return render(request, "meetings/move.html", context)
    if form.is_valid() and not form.why_not_then:
        try:
            meeting.move(form.starts_at, by=request.user, place=form.cleaned_data["place"])
        except ValidationError as error:
            form.add_error("day", error)
        else:
            messages.success(request, _("Moved. Whoever was told of the old time gets one mail."))
            return redirect(meeting.series)
    return render(request, "meetings/move.html", context, status=422)


def cancel(request, pk):
    meeting = schedulable(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting.cancel(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Cancelled. The participants get one mail."))
            return redirect(meeting.series)
    status = 422 if request.method == "POST" else 200
    context = {"meeting": meeting, "form": form, "people": meeting.series.people_told()}
    return render(request, "meetings/cancel.html", context, status=status)


def schedulable(request, pk) -> Meeting:
    """404 for strangers, 403 for participants who don't plan."""
    seen = Meeting.objects.filter(series__in=Series.objects.visible_to(request.user).values("pk"))
    meeting = get_object_or_404(seen.for_page(), pk=pk)
    if not meeting.group.can_be_scheduled_by(request.user):
        raise PermissionDenied
    return meeting
