"""A guidepost with all that it led to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.thread import Thread, ask_about, next_meeting
from wellbeing.models import Guidepost


def guidepost(request, pk):
    thread = Thread.of(request.user, pk, timezone.now())
    if thread is None:
        raise Http404
    if successor := thread.guidepost.successor:
        return redirect(successor)  # the thread is told under the words of today
    context = {
        "thread": thread,
        "guidepost": thread.guidepost,
        "next": thread.next_step(),
        "may": thread.guidepost.may_be_changed_by(request.user),
    }
    return render(request, "meetings/guidepost.html", context)


@require_POST
def ask(request, pk):
    """A question about it, onto the agenda of one's next leader meeting."""
    visible = Guidepost.objects.visible_to(request.user).select_related("successor")
    guidepost = get_object_or_404(visible, pk=pk)
    if guidepost.successor:
        return redirect(guidepost.successor)  # said otherwise since the page was opened
    if not guidepost.is_standing:
        raise Http404
    meeting = next_meeting(request.user, timezone.now())
    if meeting is None:
        raise PermissionDenied
    item = ask_about(guidepost, meeting, by=request.user)
    messages.success(request, _("It is on its way to the agenda. Put it otherwise if you like."))
    return redirect(item.meeting or meeting)
