"""What makes an agenda besides questions: the bank, standing items, the order, who is host."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.forms import OrderForm, StandingForm
from meetings.models import Meeting
from meetings.views.agenda import answer, here, key, page, question, said_where
from wellbeing.models import DialogueQuestion

AGREEMENT = "meetings/agreement.html#agreement"


@require_POST
def bank(request, pk):
    """Take a question from the bank onto the agenda."""
    meeting, chosen = _meeting(request, pk), request.POST.get("question", "")
    if chosen:
        questions = DialogueQuestion.objects.meant_for(meeting.group)
        lent = get_object_or_404(questions, pk=key(chosen))
    else:
        lent = meeting.building.offered()
    item = meeting.building.take_from_bank(lent, by=request.user)
    messages.success(request, said_where(item, meeting))
    return answer(request, meeting)


@require_POST
def standing(request, pk):
    meeting = _meeting(request, pk)
    _only_leaders(request, meeting)
    form = StandingForm(request.POST)
    if not form.is_valid():
        error = next(iter(form.errors.values()))[0]
        typed = request.POST.get("question", "")
        return page(request, meeting, standing_error=error, standing_typed=typed)
    said_ = form.cleaned_data
    meeting.building.add_standing(said_["question"], said_["minutes"], by=request.user)
    messages.success(request, _("It stands on each agenda of the season from now on."))
    return answer(request, meeting)


@require_POST
def end_standing(request, pk):
    item = question(request, pk)
    meeting = here(request) or (item.season and item.season.meetings.for_page().last())
    if not meeting:
        raise Http404
    _only_leaders(request, meeting)
    meeting.building.end_standing(item, by=request.user)
    messages.info(request, _("It is off the agendas to come. Everybody can see who took it off."))
    return answer(request, meeting)


@require_POST
def order(request, pk):
    """The host moves a question. Who else did meanwhile loses nothing."""
    meeting = _meeting(request, pk)
    if not meeting.is_led_by(request.user):
        raise PermissionDenied
    form = OrderForm(request.POST)
    said_ = form.cleaned_data if form.is_valid() else {}
    if not said_ or not meeting.building.place(
        said_["item"], said_["place"], said_["seen"], by=request.user
    ):
        words = _("The agenda has changed meanwhile. Here it is as it stands; move it once more.")
        messages.info(request, words)
    return answer(request, meeting)


@require_POST
def host(request, pk):
    """Pass it on, or take it where nobody has it."""
    meeting = _meeting(request, pk)
    _only_leaders(request, meeting)
    if "pass" in request.POST:
        if meeting.hosting.pass_on(request.user):
            words = _("Passed on to %s.") % meeting.host if meeting.host else _("Passed on.")
            messages.success(request, words)
    elif meeting.hosting.take(request.user):
        messages.success(request, _("You are host this time. Thank you."))
    else:
        messages.info(request, _("Somebody was quicker."))
    return answer(request, meeting)


@require_POST
def agreement(request, pk):
    """Both sides say yes again, once a season."""
    meeting = _meeting(request, pk)
    if not meeting.group.is_team:
        raise PermissionDenied
    meeting.series.renew(request.user)
    messages.success(request, _("Renewed."))
    if request.htmx:
        around = meeting.building.around()
        context = {"meeting": meeting, "around": around, "around_renewed": True}
        return render(request, AGREEMENT, context)
    return redirect(f"{meeting.get_absolute_url()}#agreement")


def _meeting(request, pk) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)


def _only_leaders(request, meeting) -> None:
    """The leaders own the agenda; the senior manager guards what it is for."""
    if meeting.group.senior_manager_id == request.user.pk:
        raise PermissionDenied
