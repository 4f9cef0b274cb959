"""The whole season otherwise: from a meeting on, somewhere else, or no more."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from config.htmx import render_partial
from meetings.forms import CancelForm, FromHereOnForm, PlaceForm
from meetings.models import Series
from meetings.views.series import schedulable

FROM = "meetings/from_here_on.html"
PLACE = "meetings/series_place.html"
END = "meetings/end_series.html"


def from_here_on(request, pk):
    """A POST with `preview` only shows the dates; one without changes the season."""
    meeting = schedulable(request, pk)
    series = meeting.series
    if successor := Series.objects.filter(continues=series).first():
        return redirect(successor)
    heir = series.going_on_from(meeting)
    form = FromHereOnForm(request.POST if request.method == "POST" else None, instance=heir)
    going = series.meetings.standing().filter(starts_at__gte=meeting.starts_at)
    context = {
        "meeting": meeting,
        "series": series,
        "group": meeting.group,
        "form": form,
        "going": going.order_by("starts_at", "pk"),
        "people": series.people_told(),
    }
    if request.method != "POST":
        return render(request, FROM, context)
    if "preview" in request.POST:
        return render_partial(request, FROM, "preview", context)
    if form.is_valid():
        try:
            planned = series.change_from(meeting, form.instance, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Changed. What was asked has followed to the new dates."))
            return redirect(planned)
    return render(request, FROM, context, status=422)


def relocate(request, pk):
    series = _schedulable(request, pk)
    where = {"place": series.place, "link": series.link}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=where)
    if request.method == "POST" and form.is_valid():
        series.relocate(**form.cleaned_data, by=request.user)
        messages.success(request, _("Changed. Whoever was told of the old place gets one mail."))
        return redirect(series)
    status = 422 if request.method == "POST" else 200
    return render(request, PLACE, _effect(series) | {"form": form}, status=status)


def end(request, pk):
    series = _schedulable(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            series.end(by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Cancelled. The participants get one mail."))
            return redirect(series)
    status = 422 if request.method == "POST" else 200
    return render(request, END, _effect(series) | {"form": form}, status=status)


def _effect(series: Series) -> dict:
    """Which meetings a change touches, and how many people hear of it."""
    coming = series.meetings.standing().filter(starts_at__gt=timezone.now())
    return {
        "series": series,
        "group": series.group,
        "meetings": coming.order_by("starts_at", "pk"),
        "people": series.people_told(),
    }


def _schedulable(request, pk) -> Series:
    """404 for strangers, 403 for participants who don't plan."""
    seen = Series.objects.visible_to(request.user).select_related("group__organisation")
    series = get_object_or_404(seen, pk=pk)
    if not series.group.can_be_scheduled_by(request.user):
        raise PermissionDenied
    return series
