"""One theme of an APV: what is said, what was found, how serious it is, what is done."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.apv_forms import (
    ActionForm,
    AssessmentForm,
    CoveredForm,
    FindingForm,
    RhythmForm,
    SolvedForm,
    StatementForm,
)
from wellbeing.models import Action, ApvTheme, Finding, Statement
from wellbeing.models.finding import ENOUGH
from wellbeing.views.apv import tried


def theme(request, pk):
    return _theme_page(request, _seen(request, pk), status=200)


def _theme_page(request, one, status=422, **forms):
    apv, user = one.apv, request.user
    leads, hears = apv.may_be_led_by(user), one.may_be_heard_by(user)
    rest = {"organisation": apv.organisation}
    context = {
        "theme": one,
        "apv": apv,
        "due": one.is_due(apv.today()),
        "leads": leads and apv.is_running and apv.phase != "frame",
        "hears": hears,
        "statements": list(one.statements.select_related("finding")) if hears else [],
        "findings": one.findings.prefetch_related("assessments__actions"),
        "covered_form": CoveredForm(today=apv.today()),
        "frames": apv.may_be_framed_by(user) and apv.is_running,
        "rhythm_form": RhythmForm(theme=one),
    }
    if apv.is_running and apv.phase != "frame" and apv.may_speak(user):
        context["statement_form"] = StatementForm(initial={"key": uuid4()}, **rest)
    if context["leads"]:
        context["finding_form"] = FindingForm(theme=one, hears=hears, **rest)
    return render(request, "wellbeing/apv_theme.html", context | forms, status=status)


@require_POST
def statements(request, pk):
    one = _seen(request, pk)
    if not one.apv.may_speak(request.user):
        raise PermissionDenied
    form = StatementForm(request.POST, organisation=one.apv.organisation)
    if not form.is_valid():
        return _theme_page(request, one, statement_form=form)
    text, key = form.cleaned_data["text"], form.cleaned_data["key"]
    tried(request, lambda: Statement.objects.say(one, text, key), _("Said, and nobody knows who."))
    return redirect(one)


@require_POST
def statement_removal(request, pk):
    themes = ApvTheme.objects.visible_to(request.user)
    statement = get_object_or_404(Statement.objects.filter(theme__in=themes), pk=pk)
    one = _seen(request, statement.theme_id)
    if not one.may_be_heard_by(request.user):
        raise PermissionDenied
    if not one.apv.may_be_led_by(request.user):
        raise PermissionDenied
    tried(request, statement.take_out, _("Taken out."))
    return redirect(one)


@require_POST
def findings(request, pk):
    one = _led(request, pk)
    hears = one.may_be_heard_by(request.user)
    form = FindingForm(request.POST, theme=one, hears=hears, organisation=one.apv.organisation)
    if not form.is_valid():
        return _theme_page(request, one, finding_form=form)
    data = form.cleaned_data
    chosen = [statement.pk for statement in data.get("statements", [])]
    find = Finding.objects.find
    words = _("That is what you found. How serious is it?")
    if data["voices"] and data["voices"] < ENOUGH:
        words = _(
            "That is what you found. How many know it isn’t written down: fewer than five could "
            "point at somebody."
        )
    tried(request, lambda: find(one, data["words"], chosen, data["voices"]), words)
    return redirect(one)


@require_POST
def covered(request, pk):
    one = _led(request, pk)
    form = CoveredForm(request.POST, today=one.apv.today())
    if not form.is_valid():
        return _theme_page(request, one, covered_form=form)
    tried(request, lambda: one.cover_elsewhere(**form.cleaned_data), _("Noted."))
    return redirect(one)


@require_POST
def rhythm(request, pk):
    one = _seen(request, pk)
    if not one.apv.may_be_framed_by(request.user):
        raise PermissionDenied
    form = RhythmForm(request.POST, theme=one)
    if not form.is_valid():
        return _theme_page(request, one, rhythm_form=form)
    tried(request, lambda: one.cover_every(form.cleaned_data["months"]), _("Saved."))
    return redirect(one)


@require_POST
def removal(request, pk):
    one = _seen(request, pk)
    if not one.apv.may_be_framed_by(request.user):
        raise PermissionDenied
    tried(request, one.take_out, _("The theme is taken out."))
    return redirect("wellbeing:apv_frame", one.apv_id)


# ---- findings


def finding(request, pk):
    return _finding_page(request, _found(request, pk), status=200)


def _finding_page(request, one, status=422, **forms):
    apv = one.theme.apv
    rest = {"organisation": apv.organisation}
    hears = one.theme.may_be_heard_by(request.user)
    context = {
        "finding": one,
        "theme": one.theme,
        "apv": apv,
        "leads": apv.may_be_led_by(request.user) and apv.is_running,
        "assessments": one.assessments.all(),
        "statements": list(one.statements.all()) if hears else [],
        "assessment_form": AssessmentForm(finding=one, **rest),
        "solved_form": SolvedForm(prefix="solved", **rest),
        "action_form": ActionForm(apv=apv, prefix="action"),
        **forms,
    }
    return render(request, "wellbeing/apv_finding.html", context, status=status)


@require_POST
def assessment(request, pk):
    one = _found_by_who_leads(request, pk)
    form = AssessmentForm(request.POST, finding=one, organisation=one.theme.apv.organisation)
    if not form.is_valid():
        return _finding_page(request, one, assessment_form=form)
    tried(request, lambda: one.assess(by=request.user, **form.said), _("Assessed."))
    return redirect(one)


@require_POST
def solution(request, pk):
    one = _found_by_who_leads(request, pk)
    form = SolvedForm(request.POST, prefix="solved", organisation=one.theme.apv.organisation)
    if not form.is_valid():
        return _finding_page(request, one, solved_form=form)
    how = form.cleaned_data["how"]
    tried(request, lambda: one.solve_at_once(how), _("Solved at once, and written down as that."))
    return redirect(one)


@require_POST
def actions(request, pk):
    one = _found_by_who_leads(request, pk)
    form = ActionForm(request.POST, apv=one.theme.apv, prefix="action")
    if not form.is_valid():
        return _finding_page(request, one, action_form=form)
    try:
        one.propose(by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)  # with what was written kept
        return _finding_page(request, one, action_form=form)
    words = _("Proposed. %(name)s answers it.") % {"name": one.theme.apv.senior_manager}
    messages.success(request, words)
    return redirect(one)


# ---- who may


def _seen(request, pk) -> ApvTheme:
    rows = ApvTheme.objects.visible_to(request.user).for_page().select_related("guidepost")
    return get_object_or_404(rows.prefetch_related("apv__seats"), pk=pk)


def _led(request, pk) -> ApvTheme:
    one = _seen(request, pk)
    if not one.apv.may_be_led_by(request.user):
        raise PermissionDenied
    return one


def _found(request, pk) -> Finding:
    rows = Finding.objects.visible_to(request.user).for_page().select_related("theme__guidepost")
    actions = Prefetch("assessments__actions", Action.objects.select_related("who"))
    return get_object_or_404(rows.prefetch_related("theme__apv__seats", actions), pk=pk)


def _found_by_who_leads(request, pk) -> Finding:
    one = _found(request, pk)
    if not one.theme.apv.may_be_led_by(request.user):
        raise PermissionDenied
    return one
