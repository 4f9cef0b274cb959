"""Sparring: prepared, run by the clock and closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from config import live
from meetings.forms import CloseForm, NotesForm, PartForm
from meetings.models import Case, Format, Meeting, Part, Sparring
from meetings.models.sparring import KIND
from meetings.views.cases import on_meeting
from networks.models import Group

PAGE = "meetings/case_sparring.html"


@require_http_methods(["GET", "HEAD", "POST"])
def talks(request, pk):
    """What a meeting talks over; POST prepares a talk, with oneself as host where one says so."""
    meetings = Meeting.objects.visible_to(request.user).for_page()
    meeting = get_object_or_404(meetings.filter(series__group__kind=Group.Kind.NETWORK), pk=pk)
    if request.method == "POST":
        return _prepare(request, meeting)
    region = "meetings/case_parts.html#talks"
    page = region if request.htmx else "meetings/case_talks.html"
    return render(request, page, on_meeting(request.user, meeting) | {"meeting": meeting})


def _prepare(request, meeting) -> HttpResponse:
    if not meeting.may_be_talked_at(timezone.now()):
        messages.info(request, _("That meeting is over. Bring the question to the next."))
        return redirect("meetings:talks", meeting.pk)
    return redirect(Sparring.objects.prepare(meeting, by=request.user))


@never_cache
@require_http_methods(["GET", "HEAD"])
def sparring(request, pk):
    """The talk as it is just now; other devices come back when something is new (config.live)."""
    talk = _talk(request, pk)
    if request.htmx and request.GET.get("state", talk.state) != talk.state:
        return HttpResponseClientRefresh()  # around the region much is different, too
    return _page(request, talk)


@require_POST
def part(request, pk):
    """Say yes to a part or pass it on: for oneself, or as the host for whoever says so aloud."""
    talk = _talk(request, pk)
    form = PartForm(request.POST, group=talk.group)
    if not form.is_valid():
        messages.info(request, next(iter(form.errors.values()))[0])
        return _done(request, talk)
    role, person = form.cleaned_data["role"], form.cleaned_data["person"] or request.user
    if person != request.user:
        _only_who_leads(request, talk)
    try:
        if form.cleaned_data["answer"] == "yes":
            talk.take(role, person)
        else:
            talk.pass_on(role, person)
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return _done(request, talk)


@require_POST
def question(request, pk):
    talk = _talk(request, pk)
    _only_who_leads(request, talk)
    waiting = Case.objects.waiting().filter(group=talk.group, hidden_at=None)
    talk.take_up(get_object_or_404(waiting.select_related("by"), pk=_number(request, "case")))
    return _done(request, talk)


@require_POST
def follow(request, pk):
    talk = _talk(request, pk)
    _only_who_leads(request, talk)
    formats = Format.objects.for_sparring(talk.group)
    talk.follow(get_object_or_404(formats, pk=_number(request, "format")))
    return _done(request, talk)


@require_POST
def start(request, pk):
    talk = _talk(request, pk)
    _only_who_leads(request, talk)
    try:
        talk.start(by=request.user)
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return _done(request, talk)


@require_POST
def clock(request, pk):
    """Next, back, pause, on again, two minutes more."""
    talk = _talk(request, pk)
    _only_who_leads(request, talk)
    since = _number(request, "since")
    move = {
        "next": lambda: talk.go(1, since),
        "back": lambda: talk.go(-1, since),
        "pause": talk.pause,
        "resume": talk.resume,
        "more": talk.give,
    }.get(request.POST.get("move"))
    if move:
        move()
    return _done(request, talk)


@require_POST
def close(request, pk):
    talk = _talk(request, pk)
    _only_who_leads(request, talk)
    form = CloseForm(request.POST, group=talk.group)
    if not form.is_valid():
        messages.info(request, next(iter(form.errors.values()))[0])
        return redirect(talk)
    talk.close(**form.cleaned_data)
    return redirect(talk)


def _talk(request, pk) -> Sparring:
    talks = Sparring.objects.visible_to(request.user).for_page().for_leading(request.user)
    return get_object_or_404(talks, pk=pk)


def _only_who_leads(request, talk) -> None:
    if not talk.leads:
        raise PermissionDenied


def _number(request, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0


def _done(request, talk) -> HttpResponse:
    return _page(request, _talk(request, talk.pk)) if request.htmx else redirect(talk)


def _page(request, talk) -> HttpResponse:
    context = {"talk": talk, "parts": _parts(request.user, talk)}
    context["token"] = live.token(KIND, talk.pk, request.user.pk)
    context["question"] = talk.question_for(request.user)
    context["mine"] = talk.focus_person_id == request.user.pk
    if talk.state == Sparring.State.PREPARING:
        context["room_runs"] = talk.goes_by_room
        context |= _choices(talk) if talk.leads else {}
    elif talk.is_running:
        context["seconds"] = talk.seconds_left(timezone.now())
        if talk.now is None and talk.leads:
            context["close_form"] = CloseForm(group=talk.group)
    if context["mine"] and talk.takes_notes:
        context["form"] = NotesForm.of(talk)
    return render(request, f"{PAGE}#talk" if request.htmx else PAGE, context)


def _parts(user, talk) -> list[dict]:
    standing = {one.role: one for one in talk.parts.standing().select_related("person")}
    return [
        {
            "role": role,
            "label": Part.Role(role).label,
            "part": standing.get(role),
            "mine": role in standing and standing[role].person_id == user.pk,
            "may_take": role != Part.Role.FOCUS
            and (role not in standing or standing[role].state == Part.State.OFFERED),
        }
        for role in talk.roles
    ]


def _choices(talk) -> dict:
    """The questions and the formats there are to choose from; those made for as many first."""
    formats = list(Format.objects.for_sparring(talk.group).with_length().in_order())
    fits = [one for one in formats if one.fits(talk.people_count)]
    waiting = talk.group.cases.waiting().filter(hidden_at=None).exclude(pk=talk.case_id)
    return {
        "fitting": fits,
        "others": [one for one in formats if one not in fits],
        "cases": waiting.by_turn(),
    }
