"""What we agreed: written down while the meeting runs, and back at the next."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
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
from meetings.commitment_forms import CommitmentForm, LessonForm, RewordForm
from meetings.models import ChangedMeanwhile, Commitment, Meeting
from meetings.models.commitment import Agreed
from meetings.next_season import to_continue
from meetings.views.agenda import here

PAGE = "meetings/commitments.html"
AGREED_ALREADY = gettext_lazy("You have agreed on that already.")
TRIED = 6  # on Today


def region(user, meeting, people=None, form=None, **context) -> dict:
    """What was agreed here, what comes back, and the one line to write the next on."""
    around, now = list(Commitment.objects.around(meeting)), timezone.now()
    back = [one for one in around if one.meeting_id != meeting.pk]
    for one in around:
        one.mine = one.may_be_changed_by(user)
        one.comes_back = one.meeting_id != meeting.pk
        one.asks = one.experiment and (one.comes_back or one.is_over(now))
    not_now = Agreed(meeting).why_not_now(now)
    if people is None:
        people = meeting.group.participants().order_by("sort_name", "pk")
    return {
        "meeting": meeting,
        "since_last": back,
        "agreed": [one for one in around if not one.comes_back],
        "agrees": not not_now,
        "people": people,
        "agree_form": form,
        "when_choices": CommitmentForm.WHEN,
        **context,
    }


def commitments(request, pk):
    """The region, in a page of its own or as a fragment; a POST agrees on something."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
    if request.method == "POST":
        return _agree(request, meeting)
    listed = request.htmx and request.htmx.target == "agreed-list"
    context = region(request.user, meeting)
    return render_partial(request, PAGE, "list" if listed else "agreed", context)


def _agree(request, meeting) -> HttpResponse:
    form = CommitmentForm(request.POST, people=meeting.group.participants())
    if not form.is_valid():
        return _again(request, meeting, form=form)
    data, today = form.cleaned_data, meeting.group.organisation.local_date(timezone.now())
    try:
        Agreed(meeting).agree(
            data["what"],
            by=request.user,
            who=data["who"],
            due_on=form.due_on(today),
            experiment="experiment" in request.POST,
        )
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return _answer_at(request, meeting)


@require_POST
def reword(request, pk):
    commitment = _changeable(request, pk)
    form = RewordForm(request.POST, people=commitment.people())
    if not form.is_valid():
        return _change_again(request, commitment, form, "what")
    new = form.cleaned_data
    try:
        changed = commitment.reword(new["what"], new["who"], new["seen"] or None)
    except ChangedMeanwhile as now:
        return _changed_meanwhile(request, commitment, form, "what", now)
    messages.info(request, _("Changed.") if changed else AGREED_ALREADY)
    return _answer(request, commitment)


@require_POST
def done(request, pk):
    commitment = _visible(request, pk)
    commitment.done(request.POST.get("done") == "1")
    return _answer(request, commitment)


@require_POST
def trial(request, pk):
    """One more tap makes an experiment of it."""
    commitment = _changeable(request, pk)
    commitment.try_it(request.POST.get("trial") == "1")
    return _answer(request, commitment)


@require_POST
def learn(request, pk):
    commitment = _visible(request, pk)
    form = LessonForm(request.POST)
    if not form.is_valid():
        return _change_again(request, commitment, form, "lesson")
    try:
        commitment.learn(form.cleaned_data["lesson"], seen=request.POST.get("seen"))
    except ChangedMeanwhile as now:
        return _changed_meanwhile(request, commitment, form, "lesson", now)
    messages.success(request, _("Noted. It stands with what the season has taught you."))
    return _answer(request, commitment)


@require_POST
def remove(request, pk):
    commitment = _changeable(request, pk)
    commitment.remove()
    undo = {
        "said": _("It is taken off."),
        "url": reverse("meetings:commitment_return", args=[pk]),
        "token": get_token(request),
        "on": request.POST.get("on", ""),
    }
    messages.success(request, render_to_string(f"{PAGE}#taken_off", undo))
    return _answer(request, commitment)


@require_POST
def bring_back(request, pk):
    commitment = _changeable(request, pk, removed=True)
    if not commitment.bring_back():
        messages.info(request, AGREED_ALREADY)
    return _answer(request, commitment)


def tried(request):
    """For Today: what my groups and I have agreed to try, and a season that soon ends."""
    return render_partial(request, "meetings/tried.html", "tried", today(request.user))


def today(user) -> dict:
    return {
        "tried": Commitment.objects.being_tried(user).order_by("-made_at", "-pk")[:TRIED],
        "to_continue": to_continue(user, timezone.localdate())[:TRIED],
    }


# ---- how they are fetched, and what is answered


def _visible(request, pk, removed=False) -> Commitment:
    found = Commitment.objects.visible_to(request.user)
    found = found if removed else found.standing()
    return get_object_or_404(
        found.select_related(
            "group__organisation", "meeting__series__group__organisation", "meeting__host"
        ),
        pk=pk,
    )


def _changeable(request, pk, removed=False) -> Commitment:
    commitment = _visible(request, pk, removed)
    if not commitment.may_be_changed_by(request.user):
        raise PermissionDenied
    return commitment


def _change_again(request, commitment, form, name) -> HttpResponse:
    again = {
        "changing": commitment.pk,
        "changing_what": name,
        "wrong": form.errors[next(iter(form.errors))][0],
        "typed": request.POST.get(name, ""),
    }
    return _again(request, here(request) or commitment.meeting, **again)


def _changed_meanwhile(request, commitment, form, name, now) -> HttpResponse:
    form.add_error(name, _("It was changed on another device meanwhile: “%s”") % now)
    return _change_again(request, commitment, form, name)


def _again(request, meeting, **context) -> HttpResponse:
    context = region(request.user, meeting, **context)
    return render_partial(request, PAGE, "agreed", context, status=422)


def _answer(request, commitment) -> HttpResponse:
    if request.POST.get("on") == "today":
        if request.htmx:
            return render(request, "meetings/tried.html#tried", today(request.user))
        return redirect("today")
    return _answer_at(request, here(request) or commitment.meeting)


def _answer_at(request, meeting) -> HttpResponse:
    if request.htmx:
        return render(request, f"{PAGE}#agreed", region(request.user, meeting))
    return redirect(f"{meeting.get_absolute_url()}#agreed")
