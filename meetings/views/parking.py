"""Operations, out of the meeting: parked and followed until done; the senior manager's word."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.models import AgendaItem, ParkedItem
from meetings.views.agenda import (
    PARKED,
    answer,
    answer_about,
    here,
    key,
    own,
    question,
    said,
    said_where,
)


@require_POST
def park(request, pk):
    item = question(request, pk)
    if not item.may_be_parked_by(request.user):
        raise PermissionDenied
    if item.status in (AgendaItem.Status.WAITING, AgendaItem.Status.SET):
        item.park(by=request.user)
    if item.by_id != request.user.pk:
        return said(request, item, _("Parked. Its asker has it in hand now."))
    messages.info(request, PARKED)
    return answer_about(request, item, ask=True)


@require_POST
def suggest(request, pk):
    """To the owner alone, once."""
    item = question(request, pk)
    if item.group.senior_manager_id != request.user.pk or item.by_id in (None, request.user.pk):
        raise PermissionDenied
    item.suggest_parking(request.user)
    return said(request, item, _("Only the one who asked sees that. They decide."))


@require_POST
def keep(request, pk):
    item = own(request, pk)
    if hasattr(item, "suggestion"):
        item.suggestion.decline()
    return said(request, item, _("It stays, and nobody else knows."))


@require_POST
def unpark(request, pk):
    parked = _parked(request, pk)
    item = parked.to_agenda()
    if parked.meeting is None:
        return answer_about(request, item)
    messages.success(request, said_where(item, parked.meeting))
    return answer(request, parked.meeting)


@require_POST
def destination(request, pk):
    parked, chosen = _parked(request, pk), request.POST.get("destination", "")
    if chosen in ParkedItem.Destination:
        parked.take_to(chosen)
    return _answer_about(request, parked)


@require_POST
def forward(request, pk):
    parked, to = _parked(request, pk), request.POST.get("to", "")
    if not parked.group.is_team:
        raise PermissionDenied
    if not to:
        parked.take_forward_back()
        messages.info(request, _("It isn’t sent."))
        return _answer_about(request, parked)
    person = get_object_or_404(parked.may_go_to(), pk=key(to))
    parked.forward(person)
    words = _("%s gets it by mail in five minutes. Until then you can take it back.")
    messages.success(request, words % person)
    return _answer_about(request, parked)


@require_POST
def done(request, pk):
    parked = _parked(request, pk)
    parked.close()
    undo = {
        "said": _("Done. It is off your list, and counts."),
        "url": reverse("meetings:open_again", args=[parked.pk]),
        "token": get_token(request),
    }
    if meeting := here(request):
        undo["on"] = meeting.pk
    messages.success(request, render_to_string("meetings/components.html#taken_back", undo))
    return _answer_about(request, parked)


@require_POST
def open_again(request, pk):
    parked = _parked(request, pk)
    parked.open_again()
    return _answer_about(request, parked)


def _parked(request, pk) -> ParkedItem:
    """One's own: nobody else touches it."""
    parked = get_object_or_404(
        ParkedItem.objects.visible_to(request.user).select_related(
            "group__organisation", "meeting__series__group__organisation", "meeting__host"
        ),
        pk=pk,
    )
    if parked.owner_id != request.user.pk:
        raise PermissionDenied
    return parked


def _answer_about(request, parked):
    meeting = here(request) or parked.meeting
    return answer(request, meeting) if meeting else redirect(parked.group)
