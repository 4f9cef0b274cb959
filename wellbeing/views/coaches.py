"""Peers who coach: found by others, offered, paused and ended by themselves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.models import CoachOffer, Theme
from wellbeing.peer_forms import CoachOfferForm

PER_PAGE = 20


def coaches(request):
    user, theme = request.user, request.GET.get("theme", "")
    offers = CoachOffer.objects.open_to(user)
    if theme in Theme:
        offers = offers.about(theme)
    own = CoachOffer.objects.of(user)
    context = {
        "page": Paginator(offers, PER_PAGE).get_page(request.GET.get("page")),
        "themes": Theme.choices,
        "theme": theme if theme in Theme else "",
        "own": own,
        "may_offer": bool(own) or CoachOffer.may_be_made_by(user),
        "number": user.is_secretariat and CoachOffer.objects.within(user.organisation_id).count(),
        "just_offered": "offered" in request.GET,
    }
    return render(request, "wellbeing/coaches.html", context)


def offer(request):
    """What somebody offers, for the first time or otherwise than before."""
    if not CoachOffer.may_be_made_by(request.user):
        raise PermissionDenied
    own = CoachOffer.objects.of(request.user)
    before = own or CoachOffer()
    said = {name: getattr(before, name) for name in ("line", "themes", "reach")}
    form = CoachOfferForm(request.POST or None, initial=said, by=request.user)
    if request.method == "POST" and form.is_valid():
        CoachOffer.objects.make(request.user, **form.cleaned_data)
        messages.success(request, _("You can be found by others now."))
        return redirect(f"{reverse('wellbeing:coaches')}?offered=1")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "own": own}
    return render(request, "wellbeing/coach_offer.html", context, status=status)


@require_POST
def pause(request):
    """For a while, or no longer."""
    _own(request).pause("wanted" in request.POST)
    return redirect("wellbeing:coaches")


@require_POST
def end(request):
    _own(request).end()
    messages.success(request, _("Your offer is gone, with what stood in it."))
    return redirect("wellbeing:coaches")


def _own(request) -> CoachOffer:
    if own := CoachOffer.objects.of(request.user):
        return own
    raise Http404
