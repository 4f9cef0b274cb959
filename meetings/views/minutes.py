"""On paper: what was agreed, and the agenda."""

from django.shortcuts import get_object_or_404, render

from meetings.models import Meeting


def minutes(request, pk):
    """What was agreed, and nothing else."""
    meeting = _own(request, pk)
    context = {"meeting": meeting, "agreed": meeting.commitments.standing().in_order()}
    return render(request, "meetings/minutes.html", context)


def agenda(request, pk):
    meeting = _own(request, pk)
    return render(
        request,
        "meetings/printed_agenda.html",
        {"meeting": meeting, "agenda": meeting.items.on_agenda().select_related("by", "guidepost")},
    )


def _own(request, pk) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
