"""What a leader sees of a proposal that the secretariat shows: the own group, one button."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.models import Seat


def proposal(request, pk):
    seat = _mine(request, pk)
    mates = seat.group.seats.taken().in_order().exclude(pk=seat.pk)
    return render(request, "networks/proposal.html", {"seat": seat, "mates": mates})


@require_POST
def swap(request, pk):
    seat = _mine(request, pk)
    wanted = request.POST.get("wanted") == "1"
    if not seat.ask_to_swap(wanted):
        messages.info(request, _("The groups are being started. Talk to the secretariat."))
        return redirect("networks:list")
    messages.success(
        request,
        _("The secretariat finds you another group. Nobody asks why.")
        if wanted
        else _("You stay in this group."),
    )
    return redirect("networks:proposal", seat.pk)


def _mine(request, pk) -> Seat:
    shown = Seat.objects.shown_to(request.user).select_related("group", "composition")
    return get_object_or_404(shown, pk=pk)
