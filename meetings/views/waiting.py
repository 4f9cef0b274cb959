"""What waits for one person. Today fetches it, and so asks the database itself no more often."""

from django.utils import timezone

from config.htmx import render_partial
from networks.models import Seat
from wellbeing.models import Action, Decision, Enrolment

ON_TODAY, MOST = 5, 50  # of a kind


def waiting(request):
    """Answers, seats and decisions that are asked of this person."""
    user, today = request.user, timezone.localdate()
    asked = {
        "proposals": Action.objects.waiting_for(user),
        "courses": Enrolment.objects.asks(user),
        "seats": Seat.objects.shown_to(user).select_related("group").order_by("pk"),
        "decisions": Decision.objects.to_follow_up(user, today).order_by("follow_up_on", "pk"),
        "done": Action.objects.asks_whether_it_helped(user),
    }
    most = ON_TODAY if request.htmx else MOST
    context = {name: list(rows[:most]) for name, rows in asked.items()}
    context["anything"] = any(context.values())
    return render_partial(request, "meetings/waiting.html", "waiting", context)
