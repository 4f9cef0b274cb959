from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from meetings.forms import QuestionForm
from meetings.models import Meeting, Series
from meetings.models.room import why_not_now
from meetings.views import answers, commitments
from meetings.views.agenda import REGION, region
from networks.models import Group
from networks.sign_in import typed_before

PER_PAGE = 20


def coming(request):
    """My meetings to come, and the plans of dates I may see."""
    now = timezone.now()
    meetings = Meeting.objects.visible_to(request.user).coming(now).for_page()
    context = {
        "page": Paginator(meetings, PER_PAGE).get_page(request.GET.get("page")),
        "seasons": Series.objects.visible_to(request.user)
        .current(timezone.localdate())
        .select_related("group")
        .order_by("group__name", "starts_on")[:PER_PAGE],
        "to_plan": Group.objects.schedulable_by(request.user)
        .alive()
        .exclude(series__ends_on__gte=timezone.localdate())
        .order_by("name")[:PER_PAGE],
    }
    return render(request, "meetings/list.html", context)


def detail(request, pk):
    meeting = Meeting.objects.visible_to(request.user).for_page().filter(pk=pk).first()
    if meeting is None:
        return _five_lines_first(request, pk)
    form = None
    if kept := typed_before(request):
        form = QuestionForm(initial={"question": kept})
    elif "how" in request.GET:  # after parking; the mail's own link leads to the empty field
        form = QuestionForm.about_how()
    another = request.GET.get("bank", "")
    bank = int(another) if another.isdecimal() and len(another) < 4 else 0
    if request.htmx:
        return render(request, REGION, region(request.user, meeting, form, bank=bank))
    context = region(request.user, meeting, form, bank=bank) | answers.region(request.user, meeting)
    context |= commitments.region(request.user, meeting, people=_people(meeting, context["around"]))
    context["ask"] = bool(request.GET.keys() & {"ask", "how"}) or bool(kept)
    context["can_schedule"] = meeting.group.can_be_scheduled_by(request.user)
    context["can_begin"] = can_begin(meeting, request.user)
    context["touched"] = themes_of(context)
    context["lately"] = not why_not_now(meeting, timezone.now())
    return render(request, "meetings/detail.html", context)


def _people(meeting, around) -> list[dict]:
    """Everybody something can be agreed for, as the page has read them already."""
    senior = meeting.group.senior_manager
    return around.leaders + ([{"pk": senior.pk, "name": senior.name}] if senior else [])


def themes_of(agenda) -> list[str]:
    """What the questions on it are about, those of guideposts too, and the one that is offered."""
    items = [*agenda["agenda"], *agenda["waiting"]]
    found = [item.guidepost.theme if item.guidepost else item.theme for item in items]
    offered = agenda["offered"]
    return sorted({*found, offered.theme if offered else ""} - {""})


def can_begin(meeting, user) -> bool:
    """Now, and by this person: what the button on the meeting's page stands for."""
    held = meeting.status == Meeting.Status.HELD
    leads = user.pk != meeting.group.senior_manager_id
    return leads and not held and not why_not_now(meeting, timezone.now())


def _five_lines_first(request, pk):
    """A newcomer to a network group reads the five lines before any content."""
    groups = Group.objects.of(request.user)
    meeting = Meeting.objects.filter(series__group__in=groups.values("pk"), pk=pk).first()
    if meeting is None:
        raise Http404
    return redirect("group", get_object_or_404(groups, series=meeting.series_id).pk)
