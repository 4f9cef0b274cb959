"""The live room: one page for whoever leads and whoever follows, and the big one on the wall."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config import live
from config.htmx import render_partial
from meetings.forms import CloseForm
from meetings.models import Meeting, Room
from meetings.models.room import KIND, why_not_now
from meetings.scene import Scene
from networks.models import User

PAGE, WALL = "meetings/room.html", "meetings/room_wall.html"


def room(request, pk):
    """GET: the room, or what it will be like. POST: begin."""
    if request.method == "GET":
        found = Room.objects.visible_to(request.user).for_page().filter(meeting=pk).first()
        if found is not None:
            return render_partial(request, PAGE, "room", stage(request, found))
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
    if request.method == "POST":
        return _start(request, meeting)
    return render(request, "meetings/room_before.html", before(request, meeting))


def wall(request, pk):
    """For the projector: the same, large, and nothing to press."""
    found = get_object_or_404(Room.objects.visible_to(request.user).for_page(), meeting=pk)
    return render_partial(request, WALL, "room", stage(request, found, projector=True))


def before(request, meeting) -> dict:
    planned = Room.as_planned(meeting, by=request.user, at=meeting.starts_at)
    return {
        "meeting": meeting,
        "format": planned.format,
        "scene": Scene.of(planned, request.user, timezone.now()),
        "why_not_now": why_not_now(meeting, timezone.now()),
        "leads": request.user.pk != meeting.group.senior_manager_id,
    }


def stage(request, found: Room, projector: bool = False) -> dict:
    scene = Scene.of(found, request.user, timezone.now(), projector)
    if scene.leads:
        live.seen(KIND, found.pk, request.user.pk)
    return {
        "room": found,
        "meeting": found.meeting,
        "scene": scene,
        "token": live.token(KIND, found.pk, request.user.pk, leads=scene.leads),
        "close_form": closing(scene),
        "sleeps": found.is_open and not scene.leads and found.chair_sleeps(scene.now),
    }


def closing(scene: Scene) -> CloseForm | None:
    """What whoever leads is asked once a talk has been gone through."""
    asked = scene.leads and scene.talk_state == "over"
    return CloseForm(group=scene.room.meeting.group) if asked else None


def _start(request, meeting):
    try:
        Room.start(meeting, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("meetings:room", meeting.pk)


@require_POST
def step(request, pk):
    seen, back = number(request, "seen"), request.POST.get("go") == "back"
    verb = Room.back if back else Room.next
    return lead(request, pk, lambda found: verb(found, request.user, seen=seen))


@require_POST
def clock(request, pk):
    seen, what = number(request, "seen"), request.POST.get("do")
    if what == "more":
        return lead(request, pk, lambda found: found.extend(request.user, seen=seen))
    verb = Room.pause if what == "pause" else Room.resume
    return lead(request, pk, lambda found: verb(found, request.user))


@require_POST
def question(request, pk):
    """What becomes of the rest of it."""
    seen, park = number(request, "seen"), request.POST.get("do") == "park"
    verb = Room.park_rest if park else Room.take_next_time
    said = _("Parked with whoever asked.") if park else _("It stands on the next meeting.")
    return lead(request, pk, lambda found: verb(found, request.user, seen=seen), said)


@require_POST
def chair(request, pk):
    """Hand it over, or take it."""
    to = number(request, "to")
    if to is None:
        return lead(request, pk, lambda found: _take(request, found))
    person = get_object_or_404(User, pk=to, organisation=request.user.organisation_id)
    return lead(request, pk, lambda found: found.hand_over(request.user, to=person))


def _take(request, found: Room) -> None:
    if not found.take_chair(request.user, confirmed="confirmed" in request.POST):
        words = _("%(name)s leads the meeting just now. Take over only if you have agreed on it.")
        messages.info(request, words % {"name": found.chair})


@require_POST
def round(request, pk):
    whose, what = number(request, "whose"), request.POST.get("do")
    verbs = {
        "begin": lambda found: found.go_round(request.user),
        "end": lambda found: found.end_round(request.user),
        "pass": lambda found: found.pass_word(request.user, whose=whose),
    }
    on = lambda found: found.next_speaker(request.user, whose, to=number(request, "to"))  # noqa: E731
    return lead(request, pk, verbs.get(what, on))


@require_POST
def end(request, pk):
    return lead(request, pk, lambda found: found.close(request.user))


def lead(request, pk, verb, said: str = ""):
    found = get_object_or_404(Room.objects.visible_to(request.user).for_page(), meeting=pk)
    try:
        verb(found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        if said:
            messages.success(request, said)
    if request.htmx:
        return render(request, f"{PAGE}#room", stage(request, found))
    return redirect("meetings:room", pk)


def number(request, name: str) -> int | None:
    """A key from a form of ours; what isn't one is nobody's."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
