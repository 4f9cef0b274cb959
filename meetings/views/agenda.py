"""Questions on an agenda: propose, support, reword, withdraw, hide. One region answers them all."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from meetings.forms import QuestionForm
from meetings.models import AgendaItem, ChangedMeanwhile, Meeting
from meetings.views import answers
from wellbeing.models import Guidepost, Theme

REGION, PAGE = "meetings/components.html#agenda", "meetings/detail.html"
SET_ALREADY = gettext_lazy("The agenda has been set.")
ASKED_ALREADY = gettext_lazy("You have asked that already.")
PARKED = gettext_lazy("Parked for the operations meeting. Which question about how hides in it?")
MINUTES = [10, 15, 20, 30, 45, 60]
JUST_NOW = timedelta(minutes=15)


def region(user, meeting, form=None, bank=0, **context) -> dict:
    """What the agenda region shows: the one field, the questions, and what is around them."""
    found = meeting.group.items.around(meeting, user).for_agenda(user).in_agenda_order()
    Status = AgendaItem.Status
    by_status: dict[str, list] = {}
    for item in found:
        by_status.setdefault(item.status, []).append(item)
    waiting, agenda = by_status.get(Status.WAITING, []), by_status.get(Status.SET, [])
    building = meeting.building
    around = building.around(user)
    resting = [item for item in by_status.get(Status.RESTING, []) if item.by_id == user.pk]
    minutes = sum(item.minutes for item in agenda)
    return {
        "meeting": meeting,
        "form": form or QuestionForm(),
        "around": around,
        "waiting": waiting,
        "agenda": agenda,
        "seen": ",".join(str(item.pk) for item in agenda),
        "minutes": minutes,
        "to_spare": max((meeting.for_questions or 0) - minutes, 0),
        "standing": by_status.get(Status.STANDING, []),
        "resting": [item for item in resting if not item.let_rest],
        "resting_quietly": [item for item in resting if item.let_rest],
        "suggested": [item for item in waiting + agenda if item.is_in_doubt_for(user)],
        "around_renewed": around.has_renewed(user),
        "hidden": [item for item in by_status.get(Status.HIDDEN, []) if item.by_id == user.pk],
        "parked": around.own,
        "fresh": _fresh(user, waiting),
        "offered": None
        if waiting or not meeting.takes_questions
        else building.offered(bank, around),
        "another": bank + 1,
        "leads": meeting.is_led_by(user),
        "senior": meeting.group.senior_manager_id == user.pk,
        "themes": Theme,
        "choices": MINUTES,
        **context,
    }


def _fresh(user, waiting):
    """What this person has just asked, as long as it touches on nothing yet."""
    recently = timezone.now() - JUST_NOW
    own = [item for item in waiting if item.by_id == user.pk and item.proposed_at > recently]
    last = max(own, key=lambda item: (item.proposed_at, item.pk), default=None)
    return None if last is None or last.guidepost_id or last.theme else last.pk


def answer(request, meeting, form=None, status=200, **context) -> HttpResponse:
    if request.htmx:
        form = form or (QuestionForm.about_how() if context.get("ask") else None)
        context = region(request.user, meeting, form, **context)
        return render(request, REGION, context, status=status)
    return redirect(f"{meeting.get_absolute_url()}{'?how=1' if context.get('ask') else ''}")


def page(request, meeting, status=422, **context) -> HttpResponse:
    """The same region with what was typed, as a fragment or in its page."""
    context = region(request.user, meeting, **context)
    if request.htmx:
        return render(request, REGION, context, status=status)
    return render(request, PAGE, context | answers.region(request.user, meeting), status=status)


@require_POST
def propose(request, pk):
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return page(request, meeting, form=form)
    question = form.cleaned_data["question"]
    if "operations" in request.POST:
        meeting.park(question, by=request.user)
        messages.info(request, PARKED)
        return answer(request, meeting, ask=True)
    item = meeting.propose(question, by=request.user, minutes=form.cleaned_data["minutes"])
    messages.success(request, said_where(item, meeting))
    return answer(request, meeting)


def said_where(item, meeting) -> str:
    if item.meeting_id == meeting.pk:
        return _("Your question is on its way to the agenda.")
    if item.meeting_id:
        return _("This agenda has closed. Your question stands on the next meeting.")
    return _("This agenda has closed. Your question waits for the next meeting.")


@require_POST
def support(request, pk):
    item = question(request, pk)
    if item.status == AgendaItem.Status.WAITING:
        item.support_by(request.user, wanted=request.POST.get("wanted") == "1")
    else:
        messages.info(request, SET_ALREADY)
    return answer_about(request, item)


@require_POST
def reword(request, pk):
    item = own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return said(request, item, SET_ALREADY)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _reword_again(request, item, form)
    new = form.cleaned_data
    try:
        changed = item.reword(new["question"], new["seen"] or None, new["minutes"])
    except ChangedMeanwhile as now:
        item.question = str(now)
        form.add_error("question", _("It was changed on another device meanwhile: “%s”") % now)
        return _reword_again(request, item, form)
    if changed:
        messages.success(request, _("Changed."))
    else:
        messages.info(request, ASKED_ALREADY)
    return answer_about(request, item)


def _reword_again(request, item, form) -> HttpResponse:
    error, typed = form.errors["question"][0], request.POST.get("question", "")
    if item.meeting is None:
        return said(request, item, error)
    return page(request, item.meeting, rewording=item.pk, reworded=error, typed=typed)


@require_POST
def touch(request, pk):
    """Which guidepost or theme it touches on: one tap, or none."""
    item = own(request, pk)
    guidepost, theme = None, request.POST.get("theme", "")
    if chosen := request.POST.get("guidepost", ""):
        guideposts = Guidepost.objects.visible_to(request.user).standing()
        guidepost = get_object_or_404(guideposts, pk=key(chosen))
    item.touch_on(guidepost, theme if theme in Theme else "")
    messages.success(request, _("Noted."))
    return answer_about(request, item)


@require_POST
def withdraw(request, pk):
    item = own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return said(request, item, SET_ALREADY)
    item.withdraw()
    messages.success(request, _taken_back(request, item))
    return answer_about(request, item)


def _taken_back(request, item) -> str:
    undo = {
        "said": _("Your question is taken back."),
        "url": reverse("meetings:return", args=[item.pk]),
        "token": get_token(request),
    }
    return render_to_string("meetings/components.html#taken_back", undo)


@require_POST
def bring_back(request, pk):
    item = own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return said(request, item, SET_ALREADY)
    if not item.bring_back():
        messages.info(request, ASKED_ALREADY)
    return answer_about(request, item)


def resting(request):
    """For Today and the list of meetings: one's own questions that had no time twice."""
    found = AgendaItem.objects.visible_to(request.user).resting_of(request.user)
    return render_partial(request, "meetings/resting.html", "resting", {"resting": found})


@require_POST
def life(request, pk):
    """Still alive? Its asker's answer."""
    item, alive = own(request, pk), request.POST.get("alive") == "1"
    if item.status != AgendaItem.Status.RESTING:
        return answer_about(request, item)
    meeting = item.meeting
    if not item.answer_alive(alive):
        return said(request, item, ASKED_ALREADY)
    messages.success(request, said_where(item, meeting) if alive else _("It rests."))
    return answer_about(request, item)


@require_POST
def hide(request, pk):
    item = question(request, pk)
    if not item.may_be_hidden_by(request.user):
        raise PermissionDenied
    item.hide(by=request.user)
    messages.info(request, _("Hidden from everybody. Its asker can say it in other words."))
    return answer_about(request, item)


@require_POST
def show(request, pk):
    item = own(request, pk)
    if item.status != AgendaItem.Status.HIDDEN:
        return answer_about(request, item)
    form = QuestionForm(request.POST)
    if form.is_valid() and form.cleaned_data["question"] == item.question:
        form.add_error("question", _("Those are the words that were hidden. Say it without names."))
    if not form.is_valid():
        return _reword_again(request, item, form)
    if not item.show_again(form.cleaned_data["question"]):
        return said(request, item, ASKED_ALREADY)
    messages.success(request, _("There it is again."))
    return answer_about(request, item)


def question(request, pk) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.visible_to(request.user).with_meeting(), pk=pk)


def own(request, pk) -> AgendaItem:
    """A question of one's own: nobody else changes it."""
    item = question(request, pk)
    if item.by_id != request.user.pk:
        raise PermissionDenied
    return item


def answer_about(request, item, **context) -> HttpResponse:
    meeting = here(request) or item.meeting
    return answer(request, meeting, **context) if meeting else redirect(item.group)


def here(request) -> Meeting | None:
    """The meeting on whose page one stands, where what one taps may be of an earlier one."""
    on = key(request.POST.get("on", ""))
    found = Meeting.objects.visible_to(request.user).for_page()
    return found.filter(pk=on).first() if on else None


def key(text: str) -> int:
    """What a form sent as somebody's key; 0, which nobody has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def said(request, item, words: str) -> HttpResponse:
    messages.info(request, words)
    return answer_about(request, item)
