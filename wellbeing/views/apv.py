"""The course of a leader-APV: begin, frame, go on, pause, sign."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.models import User
from wellbeing.apv_forms import AbsenceForm, BeginForm, FrameForm, SeatForm, ThemeForm
from wellbeing.models import Apv, Seat


def apvs(request):
    context = {
        "apvs": Apv.objects.visible_to(request.user).newest_first(),
        "may_begin": Apv.objects.units_to_begin(request.user).exists(),
    }
    return render(request, "wellbeing/apvs.html", context)


def new(request):
    if not Apv.objects.units_to_begin(request.user).exists():
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = BeginForm(posted, by=request.user)
    if posted is not None and form.is_valid():
        try:
            apv = Apv.objects.begin(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("unit", error)
        else:
            messages.success(request, _("Begun. Now who takes part?"))
            return redirect("wellbeing:apv_frame", apv.pk)
    status = 200 if posted is None else 422
    return render(request, "wellbeing/apv_new.html", {"form": form}, status=status)


def apv(request, pk):
    one = seen(request, pk)
    leads, frames = one.may_be_led_by(request.user), one.may_be_framed_by(request.user)
    themes = list(one.themes.in_order())
    today = one.today()
    for theme in themes:
        theme.percent = round(100 * theme.share_of_time(today))
        theme.due = theme.is_due(today)
    context = {
        "apv": one,
        "phases": list(Apv.Phase),
        "reached": list(Apv.Phase).index(one.phase),
        "themes": themes,
        "due": sum(theme.due for theme in themes),
        "events": one.events.select_related("by"),
        "leads": leads,
        "frames": frames,
        "releases": one.may_release(request.user),
        "signs": _may_sign(one, request.user),
        "presented": one.presentations.newest_first(),
        "missing": one.missing_for(one.next_phase) if frames and one.next_phase else [],
    }
    return render(request, "wellbeing/apv.html", context)


def _may_sign(one: Apv, user) -> bool:
    if one.phase not in Apv.WITH_A_PLAN or not one.is_running:
        return False
    if user.pk == one.senior_manager_id:
        return one.signed_by_employer_id is None
    return one.is_seated(user, Seat.Role.AMO) and one.signed_by_amo_id is None


def frame(request, pk):
    one = _framed(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = FrameForm(posted, by=request.user, apv=one)
    if posted is not None and form.is_valid():
        tried(request, lambda: one.frame(**form.cleaned_data), _("Saved."))
        return redirect("wellbeing:apv_frame", one.pk)
    return _frame_page(request, one, form, status=200 if posted is None else 422)


def _frame_page(request, one, form=None, seat_form=None, theme_form=None, status=422):
    context = {
        "apv": one,
        "form": form or FrameForm(by=request.user, apv=one),
        "seat_form": seat_form or SeatForm(by=request.user, initial={"role": "leader"}),
        "theme_form": theme_form or ThemeForm(apv=one),
        "themes": one.themes.in_order(),
    }
    return render(request, "wellbeing/apv_frame.html", context, status=status)


@require_POST
def people(request, pk):
    one = _framed(request, pk)
    form = SeatForm(request.POST, by=request.user)
    if not form.is_valid():
        return _frame_page(request, one, seat_form=form)
    tried(request, lambda: one.appoint(**form.cleaned_data), _("Appointed."))
    return redirect("wellbeing:apv_frame", one.pk)


@require_POST
def person_removal(request, pk):
    one = _framed(request, pk)
    person = get_object_or_404(User, pk=_key(request.POST.get("person")), apv_seats__apv=one)
    tried(request, lambda: one.dismiss(person), _("Not in the working group any more."))
    if person == request.user:  # who may not see the page any more, perhaps
        return redirect("wellbeing:apvs")
    return redirect("wellbeing:apv_frame", one.pk)


@require_POST
def themes(request, pk):
    one = _framed(request, pk)
    form = ThemeForm(request.POST, apv=one)
    if not form.is_valid():
        return _frame_page(request, one, theme_form=form)
    tried(request, lambda: one.add_theme(**form.cleaned_data), _("The theme is there."))
    return redirect("wellbeing:apv_frame", one.pk)


# ---- the course


@require_POST
def phase(request, pk):
    one, to = led(request, pk), request.POST.get("to", "")
    if to in Apv.Phase.values:
        tried(request, lambda: one.go_to(to, request.user), _("On you go."))
    return redirect(one)


@require_POST
def absence(request, pk):
    one = led(request, pk)
    form = AbsenceForm(request.POST, organisation=one.organisation)
    if not form.is_valid():
        from wellbeing.views.apv_plan import plan_page

        return plan_page(request, one, form)
    words = form.cleaned_data["words"]
    tried(request, lambda: one.consider_absence(words), _("Saved."))
    return redirect("wellbeing:apv_plan", one.pk)


@require_POST
def release(request, pk):
    one = seen(request, pk)
    if not one.may_release(request.user):
        raise PermissionDenied
    words = _("Released. The senior manager can read the statements now.")
    tried(request, lambda: one.release(request.user), words)
    return redirect(one)


@require_POST
def pause(request, pk):
    one, why = led(request, pk), _said(request, "why", 300)
    if not why:
        messages.error(request, _("Say why, so that whoever comes later understands it."))
    else:
        tried(request, lambda: one.pause(why, request.user), _("Paused. Nothing is lost."))
    return redirect(one)


@require_POST
def change(request, pk):
    one = led(request, pk)
    became, why = _said(request, "became", 200), _said(request, "why", 300)
    if not (became and why):
        messages.error(request, _("Say what it becomes, and why."))
    else:
        words = _("It goes on in another form. All that was written stands.")
        tried(request, lambda: one.change_form(became, why, request.user), words)
    return redirect(one)


@require_POST
def resume(request, pk):
    one = led(request, pk)
    tried(request, lambda: one.resume(request.user), _("Taken up again, where you left it."))
    return redirect(one)


@require_POST
def signature(request, pk):
    one = seen(request, pk)
    if request.user.pk != one.senior_manager_id and not one.is_seated(request.user, Seat.Role.AMO):
        raise PermissionDenied
    tried(request, lambda: one.sign(request.user), _("Signed."))
    return redirect(one)


@require_POST
def next_round(request, pk):
    one = _framed(request, pk)
    later = []
    tried(request, lambda: later.append(one.new_round(request.user)), _("A new round is begun."))
    return redirect(later[0] if later else one)


# ---- who may


def seen(request, pk) -> Apv:
    return get_object_or_404(Apv.objects.visible_to(request.user).for_page(), pk=pk)


def led(request, pk) -> Apv:
    one = seen(request, pk)
    if not one.may_be_led_by(request.user):
        raise PermissionDenied
    return one


def _framed(request, pk) -> Apv:
    one = seen(request, pk)
    if not one.may_be_framed_by(request.user):
        raise PermissionDenied
    return one


def tried(request, verb, words: str) -> bool:
    """Do it and say so, or say kindly why not."""
    try:
        verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, words)
    return True


def _said(request, name: str, most: int) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:most]


def _key(typed) -> int:
    return int(typed) if str(typed).isdecimal() and len(typed) < 18 else 0
