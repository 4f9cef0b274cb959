"""A question from the bank is taken along to one of one's own meetings."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.models import Meeting
from wellbeing.models import DialogueQuestion


def take_along(request, pk):
    """GET: to which meeting? POST: onto its agenda."""
    question = get_object_or_404(DialogueQuestion.objects.visible_to(request.user), pk=pk)
    meetings = _open_to_it(request.user, question)
    if request.method != "POST":
        context = {"question": question, "meetings": meetings}
        return render(request, "meetings/take_along.html", context)
    chosen = request.POST.get("meeting", "")
    meeting = next((one for one in meetings if str(one.pk) == chosen), None)
    if meeting is None:
        raise Http404
    item = meeting.building.take_from_bank(question, by=request.user)
    where = item.meeting or meeting
    messages.success(request, _("It is on its way to the agenda."))
    return redirect(where)


def _open_to_it(user, question) -> list[Meeting]:
    """The next meeting of each of one's groups that builds an agenda and may be asked it."""
    coming = Meeting.objects.visible_to(user).standing().filter(ends_at__gt=timezone.now())
    coming = coming.filter(series__has_agenda=True).for_page().order_by("starts_at", "pk")
    found = {}
    for meeting in coming[:40]:
        group = meeting.group
        if not (question.networks_only and group.is_team):
            found.setdefault(group.pk, meeting)
    return list(found.values())
