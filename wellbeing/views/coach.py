"""A coach education: for the leader, for who heads the area, and for the secretariat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wellbeing import coach_totals
from wellbeing.coach_forms import CohortForm, StartForm
from wellbeing.models import CoachProgramme, Cohort, Decision
from wellbeing.views.apv import tried

PAGE = "wellbeing/programme.html"


def programmes(request):
    seen = CoachProgramme.objects.visible_to(request.user).newest_first()
    seen = seen.annotate(number=Count("cohorts"))
    return render(request, "wellbeing/programmes.html", {"programmes": seen})


def new(request, pk):
    """By the secretariat, or by who decided it."""
    decisions = Decision.objects.visible_to(request.user).select_related("unit", "organisation")
    decision = get_object_or_404(decisions, pk=pk)
    if not (request.user.is_secretariat or request.user.pk == decision.decided_by_id):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = StartForm(posted, initial={"name": _("Coach education")})
    if posted is not None and form.is_valid():
        try:
            started = CoachProgramme.objects.start(decision, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Started. Nobody is asked before you say so."))
            return redirect(started)
    context = {"form": form, "decision": decision}
    status = 200 if posted is None else 422
    return render(request, "wellbeing/programme_new.html", context, status=status)


def programme(request, pk):
    """My own course, the numbers of my area, or all of it: whatever is mine to see."""
    return render(request, PAGE, page(request, seen(request, pk)))


def page(request, one: CoachProgramme, form: CohortForm | None = None) -> dict:
    user, now = request.user, timezone.now()
    cohorts = list(one.cohorts.with_days())
    mine = one.enrolments.filter(leader=user).with_place_in_line().first()
    by_key = {cohort.pk: cohort for cohort in cohorts}
    if mine:
        mine.cohort, mine.offered = by_key.get(mine.cohort_id), by_key.get(mine.offered_id)
    context = {
        "programme": one,
        "cohorts": cohorts,
        "opened": [each for each in cohorts if each.opened_at],
        "open_cohorts": [each for each in cohorts if each.is_open(now)],
        "free": any(each.is_open(now) and each.free for each in cohorts),
        "mine": mine,
        "begun": mine and mine.has_begun(now),
        "may_say_through": mine and mine.may_say_through(now),
        "now": now,
    }
    if user.is_secretariat:
        totals = one.enrolments.present().totals()
        context |= {"totals": totals, "everybody": sum(totals.values())}
        context["form"] = form or CohortForm()
        context["days_ahead"] = sum(
            day.starts_at > now for cohort in cohorts for day in cohort.standing_days
        )
    elif one.over_all or one.heads:
        led = one.enrolments.led_by(user, everybody=one.over_all).totals()
        if one.over_all or sum(led.values()):
            context["figures"] = coach_totals.lines(led, one.organisation.least_taps)
    return context


@require_POST
def invitation(request, pk):
    one, asked = tended(request, pk), []
    if tried_quietly(request, lambda: asked.append(one.invite())):
        words = ngettext("%(count)d leader is asked.", "%(count)d leaders are asked.", asked[0])
        messages.success(request, words % {"count": asked[0]})
    return redirect(one)


@require_POST
def cohorts(request, pk):
    one = tended(request, pk)
    form = CohortForm(request.POST)
    if form.is_valid():
        try:
            return redirect(one.add_cohort(**form.cleaned_data))
        except ValidationError as error:
            form.add_error("name", error)
    return render(request, PAGE, page(request, one, form), status=422)


@require_POST
def cancellation(request, pk):
    """Everything that is to come; who was told of it hears so."""
    one = tended(request, pk)
    tried(request, one.call_off, _("All days to come are cancelled. What was, stands."))
    return redirect(one)


# ---- the leader's own


@require_POST
def seat(request, pk):
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    mine = own(request, cohort.programme_id)
    words = _("The seat is yours. The days come to your calendar in a few minutes.")
    tried(request, lambda: mine.take(cohort), words)
    return redirect(mine.programme)


@require_POST
def waiting(request, pk):
    mine = own(request, pk)
    tried(request, mine.wait, _("You are on the list. You hear when there is a seat for you."))
    return redirect(mine.programme)


@require_POST
def passing(request, pk):
    mine = own(request, pk)
    tried(request, mine.pass_by, _("Not this one. You keep your place for the next."))
    return redirect(mine.programme)


@require_POST
def withdrawal(request, pk):
    mine = own(request, pk)
    tried(request, mine.withdraw, _("Given back. You can find another at any time."))
    return redirect(mine.programme)


@require_POST
def through(request, pk):
    mine, said = own(request, pk), request.POST.get("said", "")
    if said == "before":
        tried(request, lambda: mine.get_through(before=True), _("Good. You aren’t asked again."))
    elif said == "not":
        tried(request, mine.take_back, _("Taken back."))
    elif mine.may_say_through(timezone.now()):
        tried(request, mine.get_through, _("Through! Well done."))
    return redirect(mine.programme)


# ---- who may


def seen(request, pk) -> CoachProgramme:
    here = CoachProgramme.objects.visible_to(request.user).for_reader(request.user)
    return get_object_or_404(here, pk=pk)


def tended(request, pk) -> CoachProgramme:
    """The secretariat's."""
    one = seen(request, pk)
    if not request.user.is_secretariat:
        raise PermissionDenied
    return one


def own(request, pk):
    """One's own place in it. Whoever only heads the area has none."""
    one = seen(request, pk)
    mine = one.enrolments.filter(leader=request.user).select_related("cohort").first()
    if mine is None:
        raise PermissionDenied
    mine.programme = one
    return mine


def tried_quietly(request, verb) -> bool:
    """Do it, or say kindly why not."""
    try:
        verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True
