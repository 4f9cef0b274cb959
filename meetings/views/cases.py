"""Questions brought to one's network group: bring, reword, take back, hide. One region."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from meetings.forms import CaseForm
from meetings.models import Case, Meeting, Sparring
from networks.models import Group

REGION, PAGE = "meetings/case_parts.html#cases", "meetings/cases.html"
TAKEN_UP = gettext_lazy("The group has taken it up already.")


def region(user, group, form=None, **context) -> dict:
    """The one field and the questions that wait, whoever's turn it is first."""
    waiting = list(group.cases.waiting().by_turn().for_page(user))
    return {"group": group, "case_form": form or CaseForm(), "cases": waiting, **context}


def on_meeting(user, meeting) -> dict:
    """What was talked over there and comes back to it; on the next one what waits, too."""
    talks = [
        {"talk": talk, "question": talk.question_for(user), "again": talk.meeting_id != meeting.pk}
        for talk in Sparring.objects.on_page_of(meeting)
    ]
    under_way = any(not one["talk"].is_closed for one in talks)
    found = {"talks": talks, "may_prepare": meeting.is_today and not under_way}
    return found | (region(user, meeting.group) if meeting.is_next_of_group else {})


@require_http_methods(["GET", "HEAD", "POST"])
def cases(request, pk):
    """The group's questions, what is talked over just now and what has been."""
    group = get_object_or_404(_networks(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, group)
    form = CaseForm(request.POST)
    if not form.is_valid():
        return _page(request, group, form, status=422)
    Case.objects.bring(group, by=request.user, **form.cleaned_data)
    messages.success(request, _("Your question stands on the group’s next meeting."))
    return _done(request, group)


@require_POST
def reword(request, pk):
    case = _own(request, pk)
    if case.taken_at:
        return _said(request, case, TAKEN_UP)
    form = CaseForm(request.POST)
    if not form.is_valid():
        context = {"rewording": case.pk, "reworded": form, "status": 422}
        return _page(request, case.group, **context)
    if case.reword(**form.cleaned_data):
        messages.success(request, _("Changed."))
    else:
        messages.info(request, _("You have asked that already."))
    return _done(request, case.group)


@require_POST
def withdraw(request, pk):
    case = _own(request, pk)
    if case.taken_at:
        return _said(request, case, TAKEN_UP)
    case.withdraw()
    return _said(request, case, _("Your question is taken back. It can be undone until tomorrow."))


@require_POST
def bring_back(request, pk):
    case = _own(request, pk)
    if not case.bring_back():
        messages.info(request, _("You have asked that already."))
    return _done(request, case.group)


@require_POST
def hide(request, pk):
    """It names somebody: out of sight at once, by who asked or looks after the group."""
    case = get_object_or_404(Case.objects.visible_to(request.user).with_group(), pk=pk)
    if case.by_id != request.user.pk and not _looks_after(request.user, case.group):
        raise PermissionDenied
    case.hide()
    return _said(request, case, _("Hidden. Only whoever asked sees it, and can say it otherwise."))


def _looks_after(user, group) -> bool:
    if group.memberships.standing().tending().filter(user=user).exists():
        return True
    here = Sparring.objects.under_way().filter(group=group)
    return here.for_leading(user).filter(leads=True).exists()


def _networks(user):
    here = Group.objects.open_to(user).filter(kind=Group.Kind.NETWORK)
    return here.alive().select_related("organisation")


def _own(request, pk) -> Case:
    case = get_object_or_404(Case.objects.visible_to(request.user).with_group(), pk=pk)
    if case.by_id != request.user.pk:
        raise PermissionDenied
    return case


def _said(request, case, words: str) -> HttpResponse:
    messages.info(request, words)
    return _done(request, case.group)


def _done(request, group) -> HttpResponse:
    return _page(request, group) if request.htmx else redirect("meetings:cases", group.pk)


def _page(request, group, form=None, status=200, **context) -> HttpResponse:
    context = region(request.user, group, form, **context)
    context["taken_back"] = group.cases.taken_back_by(request.user)
    if not request.htmx:
        context |= _around(request.user, group)
    return render(request, REGION if request.htmx else PAGE, context, status=status)


def _around(user, group) -> dict:
    """What the page shows beside the region."""
    now = timezone.now()
    meetings = Meeting.objects.filter(series__group=group).standing().coming(now)
    return {"next_meeting": meetings.select_related("series").first()}
