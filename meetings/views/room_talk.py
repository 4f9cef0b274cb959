"""Sparring from within the live room: getting ready, whose question it is, and its end."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from meetings.forms import CloseForm
from meetings.views.room import lead
from networks.models import Group


@require_POST
def talk(request, pk):
    by, do = request.user, request.POST.get("do")
    verbs = {
        "prepare": lambda found: found.prepare_talk(by),
        "yes": lambda found: found.answer_for_talk(by, yes=True),
        "pass": lambda found: found.answer_for_talk(by, yes=False),
    }
    if do == "close":
        return _close(request, pk)
    if do not in verbs:
        raise BadRequest
    return lead(request, pk, verbs[do])


def _close(request, pk):
    group = Group.objects.open_to(request.user).filter(series__meetings=pk).first()
    form = CloseForm(request.POST, group=group) if group else None
    if form and not form.is_valid():
        messages.info(request, next(iter(form.errors.values()))[0])
        return redirect("meetings:room", pk)
    said = form.cleaned_data if form else {}
    return lead(request, pk, lambda found: found.close_talk(request.user, **said))
