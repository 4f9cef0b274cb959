"""A coach education as the secretariat tends it: cohorts, their days, and where each leader is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from networks import spreadsheets
from networks.views.people import WORKBOOK
from wellbeing.coach_forms import CohortForm, DayForm, LeaderForm
from wellbeing.models import CoachProgramme, Cohort, CourseDay, Enrolment
from wellbeing.views.apv import tried
from wellbeing.views.coach import tended

PER_PAGE = 30
COHORT, LEADERS = "wellbeing/cohort.html", "wellbeing/coach_leaders.html"


# ---- cohorts and their days


def cohort(request, pk):
    one = _cohort(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = CohortForm(posted, initial={"name": one.name, "seats": one.seats})
    if posted is not None and form.is_valid():
        try:
            one.change(**form.cleaned_data)
        except ValidationError as error:
            form.add_error("seats", error)
        else:
            messages.success(request, _("Saved."))
            return redirect(one)
    return _cohort_page(request, one, form=form, status=200 if posted is None else 422)


def _cohort_page(request, one: Cohort, form=None, day_form=None, status=422):
    for day in one.days.all():
        day.cohort = one  # whose organisation knows when it is closed
    seated = one.programme.enrolments.on_a_seat(one).for_office().in_order()
    context = {
        "cohort": one,
        "programme": one.programme,
        "form": form or CohortForm(initial={"name": one.name, "seats": one.seats}),
        "day_form": day_form or _next_day(one),
        "seated": seated,
        "now": timezone.now(),
    }
    return render(request, COHORT, context, status=status)


def _next_day(one: Cohort) -> DayForm:
    """Times and place are mostly those of the last day."""
    days, decision = one.standing_days, one.programme.decision
    if not days:
        return DayForm(decision=decision, initial={"starts": "09:00", "ends": "16:00"})
    form = DayForm.filled_with(days[-1], decision)
    return DayForm(decision=decision, initial=form.initial | {"on": None, "guidepost": None})


@require_POST
def cohort_removal(request, pk):
    one = _cohort(request, pk)
    if tried(request, one.remove, _("Taken out.")):
        return redirect(one.programme)
    return redirect("wellbeing:cohort", pk)


@require_POST
def cohort_opening(request, pk):
    one = _cohort(request, pk)
    tried(request, one.open, _("Open. Whoever waits longest is asked first."))
    return redirect(one)


@require_POST
def days(request, pk):
    one = _cohort(request, pk)
    form = DayForm(request.POST, decision=one.programme.decision)
    if form.is_valid():
        try:
            day = CourseDay.plan(one, **form.said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _say_if_away(request, day, _("The day is planned."))
            return redirect(one)
    return _cohort_page(request, one, day_form=form)


def day(request, pk):
    one = _day(request, pk)
    decision = one.cohort.programme.decision
    if request.method == "POST":
        form = DayForm(request.POST, decision=decision, day=one)
        if form.is_valid():
            try:
                one.change(**form.said)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                _say_if_away(request, one, _("Saved. Who knew otherwise hears so in five minutes."))
                return redirect(one)
    else:
        form = DayForm.filled_with(one, decision)
    context = {"day": one, "form": form, "now": timezone.now()}
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/course_day.html", context, status=status)


@require_POST
def day_cancellation(request, pk):
    one = _day(request, pk)
    if request.POST.get("off", "1") == "0":
        tried(request, one.stand_again, _("The day stands again."))
    else:
        tried(request, one.cancel, _("Cancelled. Everybody with a seat hears so in five minutes."))
    return redirect(one)


def _say_if_away(request, day: CourseDay, words: str) -> None:
    messages.success(request, words)
    if name := day.away_because:
        messages.warning(request, _("That day is %(name)s.") % {"name": name})


# ---- the leaders


def leaders(request, pk):
    """Where each of them is."""
    one = tended(request, pk)
    form = LeaderForm(request.POST or None, organisation=one.organisation)
    if request.method == "POST" and form.is_valid():
        one.enrol([form.cleaned_data["person"]])
        messages.success(request, _("It is for %(person)s too.") % form.cleaned_data)
        return redirect("wellbeing:coach_leaders", one.pk)
    status = 422 if request.method == "POST" else 200
    context = _found(request, one) | {"form": form}
    return render_partial(request, LEADERS, "found", context, status=status)


def _found(request, one: CoachProgramme) -> dict:
    wanted = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    state = request.GET.get("state", "")
    found = one.enrolments.matching(wanted)
    if state in Enrolment.State:
        found = found.filter(state=state)
    return {
        "programme": one,
        "page": Paginator(found.for_office().in_order(), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "wanted": wanted,
        "state": state,
        "states": Enrolment.State.choices,
        "cohorts": list(one.cohorts.with_days()),
    }


def sheet(request, pk):
    one = tended(request, pk)
    heads = [_("Name"), _("E-mail"), _("Unit"), _("Where they are"), _("Cohort"), _("Through on")]
    rows = [
        [
            str(each.leader),
            each.leader.mail_to,
            str(each.leader.unit or ""),
            str(each.words),
            str(each.cohort or ""),
            each.through_on.isoformat() if each.through_on and not each.before else "",
        ]
        for each in one.enrolments.for_office().in_order()
    ]
    response = HttpResponse(
        spreadsheets.as_workbook([heads, *rows], _("Leaders")), content_type=WORKBOOK
    )
    response["Content-Disposition"] = f'attachment; filename="coach-{one.pk}.xlsx"'
    return response


@require_POST
def enrolment(request, pk):
    """Set or corrected by the secretariat."""
    here = CoachProgramme.objects.visible_to(request.user).values("pk")
    rows = Enrolment.objects.filter(programme__in=here).select_related("programme", "cohort")
    one, to = get_object_or_404(rows, pk=pk), request.POST.get("to", "")
    if not request.user.is_secretariat:
        raise PermissionDenied
    tried(request, _verb_of(one, to), _("Saved."))
    return redirect("wellbeing:coach_leaders", one.programme_id)


def _verb_of(one: Enrolment, to: str):
    """What a choice of the list means; else it is the key of a cohort."""
    verbs = {
        "invited": one.put_back,
        "waiting": one.wait,
        "through": one.get_through,
        "before": lambda: one.get_through(before=True),
        "out": one.take_out,
    }
    if to in verbs:
        return verbs[to]
    key = int(to) if to.isdecimal() and len(to) < 18 else 0
    cohort = get_object_or_404(one.programme.cohorts, pk=key)
    return lambda: one.place(cohort)


# ---- who may


def _cohort(request, pk) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).with_days()
    one = get_object_or_404(rows, pk=pk)
    one.programme = tended(request, one.programme_id)
    return one


def _day(request, pk) -> CourseDay:
    one = get_object_or_404(CourseDay.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.is_secretariat:
        raise PermissionDenied
    return one
