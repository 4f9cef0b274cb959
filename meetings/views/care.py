"""A group rests, begins again, closes well, looks back; and the secretariat's tasks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings import standstill
from meetings.history import events_of
from networks import fitting
from networks.care_forms import EndingForm, PauseForm
from networks.models import Concern, Group, JoinRefused, Pause
from networks.views.founding import tended
from networks.views.people import tends_people

PER_PAGE, DONE_SHOWN = 30, 10


# ---- one group


def pause(request, pk):
    """Says what is cancelled, then lets the group rest."""
    group, now = tended(request, pk), timezone.now()
    if not group.is_running:
        messages.info(request, _("Only a group that runs can rest."))
        return redirect(group)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        standstill.pause(group, request.user, **form.cleaned_data)
        messages.success(request, _("The group rests. The members get one mail."))
        return redirect(group)
    context = {"group": group, "form": form, "coming": standstill.meetings_until(group, None, now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/pause.html", context, status=status)


@require_POST
def resume(request, pk):
    group = tended(request, pk)
    for one in Pause.objects.standing().filter(group=group).select_related("group"):
        one.end()
        messages.success(request, _("The group runs again. When do you meet?"))
    return redirect(group)


def close(request, pk):
    """Says what stays and what goes, then closes the group for good."""
    group, now = tended(request, pk), timezone.now()
    form = EndingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        standstill.close(group, request.user, form.cleaned_data["farewell"])
        messages.success(request, _("The group is closed."))
        return redirect(group)
    context = {"group": group, "form": form, "coming": standstill.meetings_until(group, None, now)}
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/close_group.html", context, status=status)


def history(request, pk):
    """From when one came in, and never what was said."""
    networks = Group.objects.visible_to(request.user).filter(kind=Group.Kind.NETWORK)
    group = get_object_or_404(networks, pk=pk)
    membership = group.membership_of(request.user)
    if membership is None or not membership.affirmed_at:
        raise PermissionDenied
    events = events_of(group, membership, timezone.now())
    context = {"group": group, "membership": membership, "events": events}
    return render(request, "meetings/history.html", context)


# ---- the secretariat's tasks


@tends_people
def tasks(request):
    """What asks for care, one action each; and what was done lately."""
    now = timezone.now()
    mine = Concern.objects.tended_by(request.user).of_the_secretariat(now)
    mine = mine.select_related("group", "person", "done_by")
    page = Paginator(mine.undone(now).in_order(), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    fitting.explain(page.object_list)
    done = mine.done(now).order_by("-done_at", "pk")[:DONE_SHOWN]
    return render(request, "meetings/tasks.html", {"page": page, "done": done})


@require_POST
@tends_people
def task_done(request, pk):
    _task(request, pk).settle(by=request.user)
    messages.success(request, _("Set aside. It stands below, if you want it back."))
    return redirect("meetings:tasks")


@require_POST
@tends_people
def task_again(request, pk):
    _task(request, pk).take_up_again()
    return redirect("meetings:tasks")


@require_POST
@tends_people
def task_move(request, pk):
    """Whose place rests goes on in a group that fits."""
    task = _task(request, pk, kind=Concern.Kind.COMMAND)
    networks = Group.objects.visible_to(request.user).filter(kind=Group.Kind.NETWORK).alive()
    chosen = request.POST.get("group", "")
    group = get_object_or_404(networks, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        task.move_to(group)
    except JoinRefused:
        messages.error(request, _("There is no place any more, or somebody came in meanwhile."))
    else:
        words = _("%(name)s is in %(group)s from now on, and reads the five lines first.")
        messages.success(request, words % {"name": task.person, "group": group})
    return redirect("meetings:tasks")


def _task(request, pk, **which) -> Concern:
    here = Concern.objects.tended_by(request.user).of_the_secretariat(timezone.now())
    return get_object_or_404(here.select_related("group", "person"), pk=pk, **which)
