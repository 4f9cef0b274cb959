"""Find a network group: what it is for, how many, when it meets, nobody's name."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render

from meetings.models import Meeting
from networks.models import Group
from networks.views.doors import without_barred

PER_PAGE = 30


def find(request):
    """Mine, those I asked, those I could come into, and for who looks after them all the others."""
    user, typed = request.user, " ".join(request.GET.get("q", "").split())[:80]
    networks = Group.objects.filter(kind=Group.Kind.NETWORK).alive().with_doors()
    networks = networks.annotate(next_start=Meeting.objects.next_start_of_group())
    requests = user.requests.live().with_place_in_line().select_related("group").in_order()
    context = {
        "mine": networks.of(user).order_by("name"),
        "own_requests": list(requests),
        "typed": typed,
    }
    if not user.is_secretariat:
        asked = [one.group_id for one in context["own_requests"]]
        found = networks.findable_by(user).exclude(pk__in=asked)
        found = found.filter(_says(typed)).order_by("status", "name", "pk")  # forming first
        context["page"] = page = _page(request, found)
        context["open_ones"] = without_barred(user, page.object_list)
    if user.is_secretariat or user.teams.exists():
        others = networks.filter(_says(typed), organisation=user.organisation_id)
        context["others"] = _page(request, others.order_by("name", "pk"))
    return render(request, "networks/list.html", context)


def _says(typed: str) -> Q:
    return Q(name__icontains=typed) | Q(purpose__icontains=typed) if typed else Q()


def _page(request, groups):
    return Paginator(groups, PER_PAGE).get_page(request.GET.get("page"))
