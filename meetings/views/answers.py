"""Who comes to a meeting: one region, one tap."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from meetings.forms import AnswerForm
from meetings.models import Meeting

REGION = "meetings/components.html#answers"


def region(user, meeting) -> dict:
    """Who has said what, by name: for those who may see the meeting. Nothing once it is over."""
    if not meeting.takes_answers(timezone.now()):
        return {"meeting": meeting, "takes_answers": False}
    people = list(meeting.who_comes())
    return {
        "meeting": meeting,
        "takes_answers": True,
        "own_answer": next((one.coming for one in people if one.pk == user.pk), None),
        "coming": [one for one in people if one.coming],
        "staying_away": [one for one in people if one.coming is False],
        "unanswered": sum(one.coming is None for one in people),
    }


@require_POST
def answer(request, pk):
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).for_page(), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            meeting.answer(request.user, **form.cleaned_data)
        except ValidationError as error:
            messages.info(request, error.messages[0])
    else:
        messages.info(request, next(iter(form.errors.values()))[0])
    if request.htmx:
        return render(request, REGION, region(request.user, meeting))
    return redirect(f"{meeting.get_absolute_url()}#answers")
