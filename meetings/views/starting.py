"""The secretariat starts composed groups, all in one step."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from meetings import starting
from meetings.starting_forms import FirstDateForm, OfferForm
from networks.models import Busy, Composition

PAGE = "meetings/start_groups.html"


def start(request, pk):
    composition = get_object_or_404(
        Composition.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    if composition.state != Composition.State.PROPOSED:
        return redirect(composition)
    if request.method != "POST":
        return _page(request, composition, _offered(request, composition))
    forms = [
        FirstDateForm(request.POST, proposed=one, organisation=composition.organisation)
        for one in composition.groups.all()
    ]
    if not all([form.is_valid() for form in forms]):
        return _page(request, composition, forms, status=422)
    dates = {form.proposed.pk: form.season for form in forms}
    try:
        made = starting.start(composition, dates, by=request.user)
    except ValidationError as refused:
        return _page(request, composition, forms, errors=refused.messages, status=422)
    except Busy:
        return redirect(composition)
    said = ngettext(
        "%(count)s group has started. Its members get their dates now.",
        "%(count)s groups have started. Their members get their dates now.",
        len(made),
    )
    messages.success(request, said % {"count": len(made)})
    return redirect(composition)


def _offered(request, composition) -> list[FirstDateForm]:
    asked = OfferForm(request.GET)
    organisation = composition.organisation
    week = asked.cleaned_data.get("week") if asked.is_valid() else None
    week = week or starting.usual_week(organisation, timezone.localdate())
    place = asked.cleaned_data.get("place", "")
    offered = starting.offer(composition, week)
    return [FirstDateForm.offering(one, place, organisation) for one in offered]


def _page(request, composition, forms, errors=(), status=200):
    usual = starting.usual_week(composition.organisation, timezone.localdate())
    context = {
        "composition": composition,
        "forms": forms,
        "errors": errors,
        "asked": OfferForm({"week": usual.isoformat()} | request.GET.dict()),
        "rehearses": not composition.organisation.begun_at,
    }
    return render(request, PAGE, context, status=status)
