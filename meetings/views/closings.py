"""The secretariat's closing weeks: what is usual, what is chosen, and what a change would touch."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import closings
from networks.forms import ClosingForm
from networks.models import ClosingPeriod

LIST = "meetings/closings.html"


def closing_weeks(request):
    """A POST closes some days. What is planned on them is asked about on a page of its own."""
    organisation = _organisation(request)
    if request.method != "POST":
        return render(request, LIST, _weeks(organisation) | {"form": ClosingForm()})
    form = ClosingForm(request.POST, instance=ClosingPeriod(organisation=organisation))
    if not form.is_valid():
        return render(request, LIST, _weeks(organisation) | {"form": form}, status=422)
    period = organisation.close(**form.cleaned_data)
    if closings.falling_in(period, timezone.now()):
        return redirect("meetings:closing", period.pk)
    messages.success(request, _("Nobody meets then. Nothing was planned on those days."))
    return redirect("meetings:closings")


def falling_in(request, pk):
    """Which planned meetings fall in it. A POST skips those of the seasons that are ticked."""
    period = _period(request, pk)
    if request.method == "POST":
        count = closings.skip(period, _ticked(request), by=request.user)
        messages.success(request, _skipped(count))
        return redirect("meetings:closings")
    touched = closings.falling_in(period, timezone.now())
    return render(request, "meetings/closing.html", {"period": period, "touched": touched})


def removal(request, pk):
    """Which skipped dates could come back. A POST opens, and plans those that are ticked."""
    period = _period(request, pk)
    if request.method == "POST":
        count = closings.remove(period, _ticked(request), by=request.user)
        messages.success(request, _back(count))
        return redirect("meetings:closings")
    touched = closings.coming_back(period, timezone.now())
    return render(request, "meetings/closing_removal.html", {"period": period, "touched": touched})


def _skipped(count: int) -> str:
    if not count:
        return _("Nothing that was planned has changed.")
    words = ngettext("%(count)d meeting is skipped.", "%(count)d meetings are skipped.", count)
    return words % {"count": count}


def _back(count: int) -> str:
    if not count:
        return _("You are open then. Nothing that was planned has changed.")
    words = ngettext("%(count)d meeting is back.", "%(count)d meetings are back.", count)
    return words % {"count": count}


def _weeks(organisation) -> dict:
    today = timezone.localdate()
    return {
        "periods": [one for one in organisation.closing_periods if one.ends_on >= today],
        "usual": organisation.might_close(today),
    }


def _ticked(request) -> set[int]:
    return {int(key) for key in request.POST.getlist("seasons") if key.isdecimal()}


def _organisation(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    return request.user.organisation


def _period(request, pk) -> ClosingPeriod:
    here = ClosingPeriod.objects.filter(organisation=_organisation(request))
    period = get_object_or_404(here, pk=pk)
    period.organisation = request.user.organisation
    return period
