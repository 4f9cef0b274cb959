"""Network groups: find, join, leave, affirm the five lines; and beginning."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks import command
from networks.forms import BeginForm
from networks.models import Group, JoinRefused, Membership

PER_PAGE = 30


def groups(request):
    """My network groups, those I could join, and for who looks after them all the others."""
    networks = Group.objects.filter(kind=Group.Kind.NETWORK).alive().with_size()
    mine = networks.of(request.user)
    open_ones = joinable(request.user, networks)
    context = {"mine": mine.order_by("name"), "open_ones": open_ones}
    if request.user.is_secretariat or request.user.teams.exists():
        others = networks.filter(organisation=request.user.organisation_id)
        context["others"] = Paginator(others.order_by("name", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        )
    return render(request, "networks/list.html", context)


def joinable(user, networks):
    """Forming groups with a place, in which nobody stands above or below `user`."""
    found = networks.joinable_in(user.organisation_id).exclude(pk__in=Group.objects.of(user))
    found = [group for group in found.order_by("name")[:PER_PAGE] if group.members < group.size]
    if user.is_secretariat or not found:
        return []
    standing = Membership.objects.standing().filter(group__in=found)
    members = list(standing.values_list("group", "user"))
    barred = command.commands(user.pk, {person for _group, person in members})
    closed = {group for group, person in members if person in barred}
    return [group for group in found if group.pk not in closed]


@require_POST
def join(request, pk):
    group = get_object_or_404(
        Group.objects.filter(organisation=request.user.organisation_id, kind=Group.Kind.NETWORK),
        pk=pk,
    )
    try:
        group.join(request.user)
    except JoinRefused:
        messages.info(
            request,
            _("The group can't take you in just now. The secretariat will gladly help you on."),
        )
        return redirect("networks:list")
    messages.success(request, _("Welcome to %(group)s.") % {"group": group})
    return redirect(group)


@require_POST
def leave(request, pk):
    group = get_object_or_404(Group.objects.of(request.user), pk=pk)
    membership = group.membership_of(request.user)
    if membership is None or group.is_team:  # a team isn't joined or left by oneself
        raise PermissionDenied
    membership.leave()
    messages.success(request, _("You have left %(group)s.") % {"group": group})
    return redirect("networks:list")


@require_POST
def affirm(request, pk):
    group = get_object_or_404(Group.objects.of(request.user), pk=pk)
    membership = group.membership_of(request.user)
    if membership is None or group.is_team:
        raise PermissionDenied
    membership.affirm()
    messages.success(request, _("Thank you. Welcome in."))
    return redirect(group)


@require_POST
def begin_team(request, pk):
    group = get_object_or_404(Group.objects.visible_to(request.user), pk=pk)
    if group.senior_manager_id != request.user.pk:
        raise PermissionDenied
    form = BeginForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["words"][0])
        return redirect(group)
    group.begin(words=form.cleaned_data["words"])
    messages.success(request, _("You have begun. Your leaders hear from us within a minute."))
    return redirect(group)


@require_POST
def begin(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    request.user.organisation.begin()
    messages.success(request, _("We have begun."))
    return redirect("office")
