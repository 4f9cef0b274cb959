"""One tap: the meeting's round, what the group has chosen, what areas say together."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from config.htmx import render_partial
from meetings import tapping
from meetings.models import Meeting, Room, Series, TapChoice, TapQuestion, TapRound
from meetings.models.tap import side_by_side
from meetings.tap_forms import PromiseForm, StepForm, TapQuestionForm
from networks.models import Group

PAGE = "meetings/taps.html"
EARLIER = 12  # rounds that the group's page looks back on


@require_http_methods(["GET", "HEAD", "POST"])
def taps(request, pk):
    """GET: the meeting's taps. POST: open a round."""
    if request.method == "POST":
        room = get_object_or_404(Room.objects.visible_to(request.user).for_page(), meeting=pk)
        return _done(request, pk, lambda: TapRound.open(room, by=request.user))
    return _answer(request, pk)


@sensitive_post_parameters("step")
@require_POST
def tap(request, pk):
    """The same address and the same answer whichever step it was."""
    round = _round(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["step"][0])
        return _answer(request, round.meeting_id, status=422)
    return _done(request, round.meeting_id, lambda: _tap(request, round, form))


def _tap(request, round, form) -> None:
    if round.tap(request.user, form.cleaned_data["step"]):
        messages.success(request, _("Thank you. Your tap is counted."))
    else:
        messages.info(request, _("You have tapped already, and a tap is final."))


@require_POST
def close(request, pk):
    round = _round(request, pk)
    return _done(request, round.meeting_id, lambda: round.close(by=request.user))


def _round(request, pk) -> TapRound:
    return get_object_or_404(TapRound.objects.visible_to(request.user).for_page(), pk=pk)


def _done(request, meeting, verb):
    try:
        verb()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if request.htmx:
        return _answer(request, meeting)
    room = Room.objects.visible_to(request.user).open().filter(meeting=meeting).exists()
    return redirect("meetings:room" if room else "meetings:taps", meeting)


def _answer(request, pk, **kwargs):
    here = Meeting.objects.visible_to(request.user).for_page().select_related("room__chair")
    meeting = get_object_or_404(here, pk=pk)
    context = {"meeting": meeting, "taps": tapping.Tapping.of(meeting, request.user)}
    return render_partial(request, PAGE, "taps", context, **kwargs)


# ---- what the group has chosen


@require_http_methods(["GET", "HEAD", "POST"])
def of_group(request, pk):
    """GET: the question, who sees the figure, earlier figures. POST: choose the question."""
    group = _group(request, pk)
    if request.method != "POST":
        return _of_group(request, group)
    form = TapQuestionForm(request.POST, group=group)
    season = _season(group)
    if season is None or not form.is_valid():
        return _of_group(request, group, form, status=422)
    TapChoice.objects.for_season(season).ask(form.chosen, by=request.user)
    messages.success(request, _("From the next round on you tap on that."))
    return redirect("meetings:group_taps", pk)


@require_POST
def promise(request, pk):
    """Whether the team's senior manager sees the figures of the rounds to come."""
    group = _group(request, pk, kind=Group.Kind.TEAM)
    form, season = PromiseForm(request.POST), _season(group)
    if season is not None and form.is_valid():
        sees = form.cleaned_data["sees"]
        TapChoice.objects.for_season(season).say(sees, by=request.user)
        messages.success(request, _("Said. It holds from the next round on; all of you see it."))
    return redirect("meetings:group_taps", pk)


def _group(request, pk, **also) -> Group:
    here = Group.objects.open_to(request.user).filter(**also)
    return get_object_or_404(here.select_related("organisation", "senior_manager"), pk=pk)


def _season(group) -> Series | None:
    """The one under way, else the next."""
    today = group.organisation.local_date(timezone.now())
    seasons = Series.objects.current(today).filter(group=group)
    return seasons.select_related("group").order_by("starts_on", "pk").first()


def _of_group(request, group, form=None, **kwargs):
    season = _season(group)
    rounds = TapRound.objects.of_group(group).for_page().filter(is_open=False)[:EARLIER]
    earlier = [one for one in rounds if one.is_promised_to(request.user)]
    context = {
        "group": group,
        "season": season,
        "choice": TapChoice.objects.for_season(season) if season else None,
        "questions": TapQuestion.objects.open_to(group).in_order(),
        "form": form or TapQuestionForm(group=group),
        "chooses": request.user.pk != group.senior_manager_id,
        "earlier": [(one, tapping.columns(one)) for one in side_by_side(earlier)],
    }
    return render(request, "meetings/taps_of_group.html", context, **kwargs)


# ---- what areas say together


def trend(request):
    return render(request, "meetings/taps_trend.html", {"trends": tapping.trends(request.user)})
