"""Beginning: a team by its senior manager, the organisation by the secretariat."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.forms import BeginForm
from networks.models import Group


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
