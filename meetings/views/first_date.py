"""Finding a network group's first date."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from meetings.first_date_form import DateSearchForm
from meetings.models import DateSearch, PossibleTime
from networks.models import Group

PAGE = "meetings/first_date.html"


def first_date(request, pk):
    """The times and one's own taps; a POST by who tends the group offers them."""
    group, membership = _mine(request, pk)
    if request.method == "POST":
        return _offer(request, group, membership)
    return render(request, PAGE, _page(request, group, membership))


def _offer(request, group, membership):
    if not membership.tends:
        raise PermissionDenied
    form = DateSearchForm(request.POST, instance=DateSearch(group=group, by=request.user))
    if not form.is_valid():
        context = {"group": group, "tends": True, "form": form}
        return render(request, PAGE, context, status=422)
    form.instance.offer(form.cleaned_data["times"])
    messages.success(request, _("The members are asked. Each of them gets one mail."))
    return redirect("meetings:first_date", group.pk)


@require_POST
def fit(request, pk):
    possible = _possible(request, pk)
    possible.fits(request.user, wanted=request.POST.get("wanted") != "0")
    group, membership = _mine(request, possible.search.group_id)
    if not request.htmx:
        return redirect("meetings:first_date", group.pk)
    return render_partial(request, PAGE, "times", _page(request, group, membership))


@require_POST
def choose(request, pk):
    possible = _possible(request, pk)
    _group, membership = _mine(request, possible.search.group_id)
    if not membership.tends:
        raise PermissionDenied
    try:
        season = possible.search.choose(possible, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(possible.search)
    messages.success(request, _("The first date stands, and the others of the season with it."))
    return redirect(season)


@require_POST
def drop(request, pk):
    group, membership = _mine(request, pk)
    if not membership.tends:
        raise PermissionDenied
    for search in group.date_searches.open():
        search.drop()
    messages.success(request, _("Those times are dropped. Offer others when you like."))
    return redirect("meetings:first_date", group.pk)


def _mine(request, pk):
    """A network group whose content one sees: attendance is nobody else's, the secretariat's least
    of all.
    """
    networks = Group.objects.open_to(request.user).alive().filter(kind=Group.Kind.NETWORK)
    group = get_object_or_404(networks.select_related("organisation"), pk=pk)
    return group, group.membership_of(request.user)


def _possible(request, pk) -> PossibleTime:
    mine = Group.objects.open_to(request.user).filter(kind=Group.Kind.NETWORK)
    found = PossibleTime.objects.filter(search__group__in=mine.values("pk"))
    return get_object_or_404(found.select_related("search__group__organisation"), pk=pk)


def _page(request, group, membership) -> dict:
    context = {"group": group, "tends": membership.tends}
    search = group.date_searches.open().first()
    if search:
        search.group = group
        times = search.times_for(request.user)
        best = search.best(times, timezone.now())
        context |= {"search": search, "times": times, "best": best, "members": search.members}
    elif membership.tends:
        context["form"] = DateSearchForm(instance=DateSearch(group=group, by=request.user))
    return context
