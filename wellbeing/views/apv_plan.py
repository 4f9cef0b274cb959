"""The plan of action: proposals, answers, what is done and whether it helped."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.apv_forms import AbsenceForm, AnswerForm, EffectForm
from wellbeing.models import Action
from wellbeing.views.apv import seen, tried


def plan(request, pk):
    return plan_page(request, seen(request, pk), status=200)


def plan_page(request, apv, absence_form=None, status=422):
    rest = {"organisation": apv.organisation}
    actions = list(Action.objects.of(apv).for_page().order_by("by_when", "pk"))
    context = {
        "apv": apv,
        "waiting": [one for one in actions if not one.answer],
        "under_way": [one for one in actions if one.answer == "yes" and not one.done_on],
        "done": [one for one in actions if one.done_on],
        "declined": [one for one in actions if one.answer in ("no", "not_now")],
        "leads": apv.may_be_led_by(request.user) and apv.is_running,
        "answers": request.user.pk == apv.senior_manager_id and apv.is_running,
        "today": apv.today(),
        "form": absence_form or AbsenceForm(initial={"words": apv.sickness_absence}, **rest),
    }
    return render(request, "wellbeing/apv_plan.html", context, status=status)


def action(request, pk):
    return _action_page(request, _seen(request, pk), status=200)


def _action_page(request, one, answer_form=None, effect_form=None, status=422):
    apv = one.apv
    follows = apv.may_be_led_by(request.user) and (apv.is_running or apv.is_locked)
    initial = {"answer": one.answer, "why": one.answer_why}
    context = {
        "action": one,
        "finding": one.assessment.finding,
        "apv": apv,
        "answers": request.user.pk == apv.senior_manager_id and apv.is_running and not one.done_on,
        "finishes": follows and one.answer == "yes" and not one.done_on,
        "sees": follows and one.done_on and one.helped is None,
        "answer_form": answer_form or AnswerForm(initial=initial),
        "effect_form": effect_form or EffectForm(),
    }
    return render(request, "wellbeing/apv_action.html", context, status=status)


@require_POST
def answer(request, pk):
    one = _seen(request, pk)
    if request.user.pk != one.apv.senior_manager_id:
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _action_page(request, one, answer_form=form)
    said, why = form.cleaned_data["answer"], form.cleaned_data["why"]
    tried(request, lambda: one.reply(said, why, request.user), _("Answered, for all to read."))
    return redirect("wellbeing:apv_plan", one.apv.pk)


@require_POST
def done(request, pk):
    one = _followed(request, pk)
    tried(request, one.finish, _("Done. Did it help?"))
    return redirect(one)


@require_POST
def effect(request, pk):
    one = _followed(request, pk)
    form = EffectForm(request.POST)
    if not form.is_valid():
        return _action_page(request, one, effect_form=form)
    helped, effect = form.cleaned_data["helped"], form.cleaned_data["effect"]
    words = _("Good.") if helped else _("Then look at it anew: how serious is it now, and why?")
    if one.apv.is_locked and not helped:
        words = _("What was found comes along into the next round.")
    tried(request, lambda: one.see(helped, effect, request.user), words)
    finding = one.assessment.finding
    return redirect(one if helped or one.apv.is_locked else finding)


def _seen(request, pk) -> Action:
    rows = Action.objects.visible_to(request.user).for_page()
    beside = "assessment__finding__theme__guidepost"
    seats = "assessment__finding__theme__apv__seats"
    return get_object_or_404(rows.select_related(beside).prefetch_related(seats), pk=pk)


def _followed(request, pk) -> Action:
    one = _seen(request, pk)
    if not one.apv.may_be_led_by(request.user):
        raise PermissionDenied
    return one
