"""Questions on an agenda: propose, support, reword, withdraw, park. One region answers them all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from meetings.forms import QuestionForm
from meetings.models import AgendaItem, Meeting, ParkedItem
from meetings.views import answers

REGION, PAGE = "meetings/components.html#agenda", "meetings/detail.html"
SET_ALREADY = gettext_lazy("The agenda has been set.")


def region(user, meeting, form=None, **context) -> dict:
    """What the agenda region shows: the one field, the questions, what this person parked."""
    items = list(meeting.group.items.for_agenda(user).filter(meeting=meeting).in_agenda_order())
    parked = meeting.group.parked_items.filter(owner=user, closed_at=None, meeting=meeting)
    return {
        "meeting": meeting,
        "form": form or QuestionForm(),
        "waiting": [item for item in items if item.status == AgendaItem.Status.WAITING],
        "agenda": [item for item in items if item.status == AgendaItem.Status.SET],
        "parked": list(parked.order_by("parked_at")),
        **context,
    }


def answer(request, meeting, form=None, status=200, **context) -> HttpResponse:
    if request.htmx:
        context = region(request.user, meeting, form, **context)
        return render(request, REGION, context, status=status)
    return redirect(meeting)


@require_POST
def propose(request, pk):
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        context = region(request.user, meeting, form)
        page = REGION
        if not request.htmx:
            page, context = PAGE, context | answers.region(request.user, meeting)
        return render(request, page, context, status=422)
    question = form.cleaned_data["question"]
    if "operations" in request.POST:
        meeting.park(question, by=request.user)
        messages.info(
            request,
            _("Parked for the operations meeting. Which question about how hides in it?"),
        )
        return answer(request, meeting)
    item = meeting.propose(question, by=request.user)
    messages.success(request, _said_where(item, meeting))
    return answer(request, meeting)


def _said_where(item, meeting) -> str:
    if item.meeting_id == meeting.pk:
        return _("Your question is on its way to the agenda.")
    if item.meeting_id:
        return _("This agenda has closed. Your question stands on the next meeting.")
    return _("This agenda has closed. Your question waits for the next meeting.")


@require_POST
def support(request, pk):
    item = _item(request, pk)
    if item.status == AgendaItem.Status.WAITING:
        item.support_by(request.user, wanted=request.POST.get("wanted") == "1")
    else:
        messages.info(request, SET_ALREADY)
    return _answer_about(request, item)


@require_POST
def reword(request, pk):
    item = _own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return _said(request, item, SET_ALREADY)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _reword_again(request, item, form)
    if item.reword(form.cleaned_data["question"]):
        messages.success(request, _("Changed."))
    else:
        messages.info(request, _("You have asked that already."))
    return _answer_about(request, item)


def _reword_again(request, item, form) -> HttpResponse:
    error, typed = form.errors["question"][0], request.POST.get("question", "")
    if item.meeting is None:
        return _said(request, item, error)
    context = region(request.user, item.meeting, rewording=item.pk, reworded=error, typed=typed)
    page = REGION if request.htmx else PAGE
    return render(request, page, context, status=422)


@require_POST
def withdraw(request, pk):
    item = _own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return _said(request, item, SET_ALREADY)
    item.withdraw()
    messages.success(request, _taken_back(request, item))
    return _answer_about(request, item)


def _taken_back(request, item) -> str:
    undo = {
        "said": _("Your question is taken back."),
        "url": reverse("meetings:return", args=[item.pk]),
        "token": get_token(request),
    }
    return render_to_string("meetings/components.html#taken_back", undo)


@require_POST
def park(request, pk):
    item = _own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return _said(request, item, SET_ALREADY)
    item.park()
    messages.info(
        request, _("Parked for the operations meeting. Which question about how hides in it?")
    )
    return _answer_about(request, item)


@require_POST
def bring_back(request, pk):
    item = _own(request, pk)
    if item.status == AgendaItem.Status.SET:
        return _said(request, item, SET_ALREADY)
    if not item.bring_back():
        messages.info(request, _("You have asked that already."))
    return _answer_about(request, item)


@require_POST
def unpark(request, pk):
    parked = get_object_or_404(
        ParkedItem.objects.visible_to(request.user).select_related(
            "meeting__series__group__organisation"
        ),
        pk=pk,
    )
    if parked.owner_id != request.user.pk:
        raise PermissionDenied
    item = parked.to_agenda()
    if parked.meeting is None:
        return _answer_about(request, item)
    messages.success(request, _said_where(item, parked.meeting))
    return answer(request, parked.meeting)


def _item(request, pk) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.visible_to(request.user).with_meeting(), pk=pk)


def _own(request, pk) -> AgendaItem:
    """A question of one's own: nobody else changes it."""
    item = _item(request, pk)
    if item.by_id != request.user.pk:
        raise PermissionDenied
    return item


def _answer_about(request, item) -> HttpResponse:
    return answer(request, item.meeting) if item.meeting else redirect(item.group)


def _said(request, item, words: str) -> HttpResponse:
    messages.info(request, words)
    return _answer_about(request, item)
