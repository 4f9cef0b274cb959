"""One theme of an APV onto the agenda of a leader meeting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from config.htmx import render_partial
from meetings.apv import meetings_for, put_on_agenda
from meetings.views.agenda import key
from wellbeing.models import ApvTheme

AHEAD = 6


def theme(request, pk):
    rows = ApvTheme.objects.visible_to(request.user).for_page().select_related("guidepost")
    one = get_object_or_404(rows.prefetch_related("apv__seats"), pk=pk)
    if not one.apv.may_be_led_by(request.user):
        raise PermissionDenied
    coming = meetings_for(one, request.user)
    if request.method == "POST":
        meeting = get_object_or_404(coming, pk=key(request.POST.get("meeting", "")))
        inquiry = request.POST.get("as") == "inquiry"
        try:
            put_on_agenda(one, meeting, request.user, inquiry)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(one)
        messages.success(request, _("It is on its way to the agenda."))
        return redirect(meeting)
    context = {"theme": one, "coming": coming[:AHEAD]}
    return render_partial(request, "meetings/apv_theme.html", "choose", context)
