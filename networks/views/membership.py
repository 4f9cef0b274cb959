"""What a member does about being in a group: affirm the lines, hold the rope, leave."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.forms import AffirmForm, RoleForm
from networks.models import Group, Membership


def _mine(request, pk) -> Membership:
    """One's own membership of a network group: 404 for strangers, 403 in a team."""
    group = get_object_or_404(Group.objects.of(request.user), pk=pk)
    membership = group.membership_of(request.user)
    if membership is None or group.is_team:  # a team isn't joined or left by oneself
        raise PermissionDenied
    membership.group = group
    return membership


@require_POST
def leave(request, pk):
    membership = _mine(request, pk)
    membership.leave()
    messages.success(request, _("You have left %(group)s.") % {"group": membership.group})
    return redirect("networks:list")


@require_POST
def affirm(request, pk):
    membership = _mine(request, pk)
    new, form = membership.affirmed_at is None, AffirmForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else None
    if not membership.affirm(version):
        messages.info(request, _("The lines have been reworded meanwhile. Please read them again."))
    else:
        messages.success(request, _("Thank you. Welcome in.") if new else _("Thank you."))
    return redirect(membership.group)


@require_POST
def take_role(request, pk):
    """Yes to what one was asked; or the rope, where nobody holds it."""
    membership, form = _mine(request, pk), RoleForm(request.POST)
    if not form.is_valid() or not membership.take(form.cleaned_data["role"]):
        messages.info(request, _("Somebody was quicker, or it was asked of another by now."))
    else:
        messages.success(request, _("Thank you. Now you stand as it in the group."))
    return redirect(membership.group)


@require_POST
def decline_role(request, pk):
    membership = _mine(request, pk)
    membership.decline()
    messages.success(request, _("That’s quite all right. The group finds another way."))
    return redirect(membership.group)


@require_POST
def offer_role(request, pk):
    """The tovholder asks a member to take the rope, or to be the deputy."""
    membership = _mine(request, pk)
    if not membership.tends:
        raise PermissionDenied
    form = RoleForm(request.POST, group=membership.group, but=membership)
    if not form.is_valid():
        messages.error(request, _("Choose who you would like to ask."))
        return redirect(membership.group)
    asked = form.cleaned_data["member"]
    asked.offer(form.cleaned_data["role"])
    messages.success(request, _("%(name)s is asked.") % {"name": asked.user})
    return redirect(membership.group)
