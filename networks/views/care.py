"""What a group is asked once a year, and how somebody is reminded of the lines, or taken out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.care_forms import ChoiceForm
from networks.models import Group, Membership, Review
from networks.views.founding import tended


@require_POST
def review(request, pk):
    """Go on, mix or end well: one tap, by a member who has said yes to the lines."""
    mine = Group.objects.open_to(request.user).filter(kind=Group.Kind.NETWORK)
    group = get_object_or_404(mine, pk=pk)
    form = ChoiceForm(request.POST)
    asked = Review.objects.open().filter(group=group).first()
    if not form.is_valid():
        messages.error(request, _("Tap one of the three."))
    elif asked is None:
        messages.info(request, _("All have answered by now. Thank you."))
    else:
        asked.say(request.user, form.cleaned_data["choice"])
        messages.success(request, _("Thank you. You can change your mind until all have answered."))
    return redirect(group.get_absolute_url() + "#review")


@require_POST
def remind_lines(request, pk):
    """Who tends the group isn't told who is asked."""
    group = tended(request, pk)
    group.memberships.remind_of_the_lines()
    messages.success(request, _("Whoever hasn’t said yes gets one mail."))
    return redirect(group)


@require_POST
def remove(request, pk):
    """The secretariat takes somebody out of a network group. Nobody is told why."""
    if not request.user.is_secretariat:
        raise PermissionDenied
    here = Membership.objects.kept().filter(
        group__organisation=request.user.organisation_id, group__kind=Group.Kind.NETWORK
    )
    membership = get_object_or_404(here.select_related("group", "user"), pk=pk)
    membership.leave()
    words = _("%(name)s is not in %(group)s any more. They can be put in again whenever you like.")
    messages.success(request, words % {"name": membership.user, "group": membership.group})
    return redirect(membership.group)
