"""Theme days: planned, found by their code, led through their steps, and how they ended."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from config import live
from config.htmx import render_partial
from wellbeing.forms import ThemeDayForm
from wellbeing.models import ThemeDay
from wellbeing.models.theme_day import KIND
from wellbeing.qr import qr
from wellbeing.table import table

DAY, WALL = "wellbeing/theme_day.html", "wellbeing/theme_day_wall.html"


def theme_days(request):
    days = ThemeDay.objects.visible_to(request.user).newest_first()
    days = days.annotate(worded=Count("guideposts"))
    return render(request, "wellbeing/theme_days.html", {"days": days})


def new(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    form = ThemeDayForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect(ThemeDay.objects.plan(request.user, **form.cleaned_data))
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/theme_day_new.html", {"form": form}, status=status)


def find(request, code=""):
    """From the code on the wall, scanned or typed, to the day."""
    typed = "".join((code or request.GET.get("code", "")).split()).upper()
    day = ThemeDay.objects.visible_to(request.user).filter(code=typed[:6]).first()
    if day:
        return redirect(day)
    if code:
        raise Http404
    messages.error(request, _("No theme day of yours has that code. Look at the wall once more."))
    return redirect(reverse("wellbeing:theme_days", query={"code": typed[:12]}))


def day(request, pk):
    """What one does at this step; when the day is finished, what came of it."""
    found = visible(request, pk)
    if request.htmx and (not found.is_open or request.GET.get("step", found.step) != found.step):
        return HttpResponseClientRefresh()  # the day went on: the whole page is another
    if not found.is_open:
        return render(request, "wellbeing/theme_day_outcome.html", outcome(request, found))
    return render_partial(request, DAY, "board", table(request.user, found))


def wall(request, pk):
    """For the projector: what all see, large, and nothing to press."""
    found = get_object_or_404(ThemeDay.objects.open_to(request.user).newest_first(), pk=pk)
    context = table(request.user, found, projector=True)
    context |= way_in(found) | {"token": live.token(KIND, found.pk, request.user.pk)}
    return render_partial(request, WALL, "board", context)


def invitation(request, pk):
    """The code to the room, to print or to show."""
    found = get_object_or_404(ThemeDay.objects.open_to(request.user).newest_first(), pk=pk)
    return render(request, "wellbeing/theme_day_invitation.html", {"day": found} | way_in(found))


def way_in(found: ThemeDay) -> dict:
    address = settings.SITE_URL + reverse("wellbeing:theme_code", args=[found.code])
    return {"address": address, "short": address.partition("://")[2], "qr": qr(address)}


def outcome(request, found: ThemeDay) -> dict:
    took_part = ThemeDay.objects.open_to(request.user).filter(pk=found.pk).exists()
    worded = found.wordings.exclude(guidepost=None).select_related("guidepost__successor")
    return {
        "day": found,
        "worded": worded,
        "clusters": found.clusters.best_first(),
        "took_part": took_part,
        "notes": found.notes.select_related("cluster", "author") if took_part else None,
        "may_reopen": request.user.is_secretariat and found.may_reopen(),
    }


@require_POST
def step(request, pk):
    found, step = led(request, pk), request.POST.get("step", "")
    if step not in ThemeDay.Step:
        raise Http404
    return after(request, found, lambda: found.go_to(step))


@require_POST
def finish(request, pk):
    found = led(request, pk)
    return after(request, found, found.finish)


@require_POST
def reopen(request, pk):
    found = led(request, pk)
    return after(request, found, found.reopen)


# ---- shared with the board


def visible(request, pk) -> ThemeDay:
    return get_object_or_404(ThemeDay.objects.visible_to(request.user).newest_first(), pk=pk)


def led(request, pk) -> ThemeDay:
    """A day that this person leads: the secretariat does."""
    found = get_object_or_404(ThemeDay.objects.open_to(request.user).newest_first(), pk=pk)
    if not request.user.is_secretariat:
        raise PermissionDenied
    return found


def after(request, found: ThemeDay, verb, said: str = ""):
    """Do it, say why not where it refuses, and show the day as it is by now."""
    try:
        verb()
        if said:
            messages.success(request, said)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if not request.htmx:
        return redirect(found)
    found = visible(request, found.pk)
    if not found.is_open:
        return HttpResponseClientRefresh()
    return render(request, f"{DAY}#board", table(request.user, found))
