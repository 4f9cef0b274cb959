"""What was decided: written down, put right while it is fresh, looked at again, withdrawn."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wellbeing.decision_forms import (
    DecisionForm,
    FollowUpForm,
    WithdrawalForm,
    WordsForm,
    guideposts_for,
)
from wellbeing.models import CoachProgramme, Decision, Presentation
from wellbeing.models.presentation import units_of_senior_manager
from wellbeing.views.apv import tried
from wellbeing.views.presentations import A_PAGE

FORM = "wellbeing/decision_form.html"


@require_safe
def decisions(request):
    rows = Decision.objects.visible_to(request.user).newest_first()
    undecided = Presentation.objects.visible_to(request.user).filter(decisions=None)
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "undecided": undecided.newest_first().select_related("organisation", "unit")[:A_PAGE],
        "may_decide": units_of_senior_manager(request.user).exists(),
        "today": _today(request.user),
    }
    return render(request, "wellbeing/decisions.html", context)


def new(request):
    """?presentation=… what it was decided on, where it was decided on one."""
    if not units_of_senior_manager(request.user).exists():
        raise PermissionDenied
    by, presentation = request.user, _presentation(request)
    posted = request.POST if request.method == "POST" else None
    form = DecisionForm(posted, by=by, presentation=presentation)
    if posted is not None and form.is_valid():
        said = {name: form.cleaned_data[name] for name in form.fields if name != "sure"}
        return redirect(Decision.objects.decide(by, presentation=presentation, **said))
    context = {"form": form, "presentation": presentation}
    return render(request, FORM, context, status=200 if posted is None else 422)


def decision(request, pk):
    return _page(request, seen(request, pk), status=200)


def _page(request, one, follow_up_form=None, withdrawal_form=None, status=422):
    presentations = Presentation.objects.visible_to(request.user)
    context = {
        "decision": one,
        "guideposts": one.guideposts.order_by("pk").select_related("successor"),
        "presentation": presentations.filter(pk=one.presentation_id or 0).first(),
        "programme": CoachProgramme.objects.visible_to(request.user).filter(decision=one).first(),
        "events": one.events.select_related("by"),
        "changes": one.may_be_changed_by(request.user),
        "is_due": one.is_due(_today(request.user)),
        "form": follow_up_form or FollowUpForm(decision=one),
        "withdrawal_form": withdrawal_form or WithdrawalForm(),
        "withdrawal_open": bool(withdrawal_form),
    }
    return render(request, "wellbeing/decision.html", context, status=status)


def correct(request, pk):
    one = _changed(request, pk)
    posted = request.POST if request.method == "POST" else None
    stands_on = list(one.guideposts.values_list("pk", flat=True))
    form = WordsForm(
        posted,
        organisation=one.organisation,
        guideposts=guideposts_for(request.user, decision=one),
        initial={"what": one.what, "why": one.why, "guideposts": stands_on},
    )
    if posted is not None and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("what", "why", "guideposts")}
        tried(request, lambda: one.correct(request.user, **said), _("Put right."))
        return redirect("wellbeing:decision", one.pk)
    context = {"form": form, "decision": one}
    return render(request, FORM, context, status=200 if posted is None else 422)


@require_POST
def follow_up(request, pk):
    one = _changed(request, pk)
    form = FollowUpForm(request.POST, decision=one)
    if not form.is_valid():
        return _page(request, one, follow_up_form=form)
    said, again = form.cleaned_data["words"], form.cleaned_data["again_on"]
    words = _("Written down. It comes back on that day.") if again else _("Written down.")
    tried(request, lambda: one.follow_up(said, request.user, again), words)
    return redirect(one)


@require_POST
def withdraw(request, pk):
    one = _changed(request, pk)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _page(request, one, withdrawal_form=form)
    why = form.cleaned_data["why"]
    words = _("Withdrawn. It stays here with the reason, and what stands on it says so.")
    tried(request, lambda: one.withdraw(why, request.user), words)
    return redirect(one)


def seen(request, pk) -> Decision:
    return get_object_or_404(Decision.objects.visible_to(request.user).for_page(), pk=pk)


def _changed(request, pk) -> Decision:
    one = seen(request, pk)
    if not one.may_be_changed_by(request.user):
        raise PermissionDenied
    return one


def _presentation(request) -> Presentation | None:
    if not (chosen := request.GET.get("presentation", "")):
        return None
    key = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0
    rows = Presentation.objects.visible_to(request.user).select_related("apv__senior_manager")
    return get_object_or_404(rows, pk=key)


def _today(user):
    return (
        user.organisation.local_date(timezone.now()) if user.organisation else timezone.localdate()
    )
