from django.shortcuts import redirect, render
from django.utils import timezone

from meetings.forms import QuestionForm
from meetings.models import DateSearch, Meeting
from meetings.views import ten_minutes
from meetings.views.agenda import region
from meetings.views.meetings import can_begin
from networks.models import Concern, Group, Membership, Review
from networks.sign_in import typed_before
from wellbeing.models import Guidepost

SOON = 12  # meetings ahead that are looked through for each group's next


def today(request):
    """My next meeting with its one field, my groups, our guidepost."""
    if request.user.organisation is None:
        return redirect("admin:index")  # a superuser runs the installation, sees no content
    now = timezone.now()
    coming = Meeting.objects.visible_to(request.user).standing().coming(now).for_page()[:SOON]
    upcoming = first_of_each_group(coming)
    asked = next((meeting for meeting in upcoming if meeting.is_open), None)
    guideposts = Guidepost.objects.visible_to(request.user).standing()
    context = {
        "now": timezone.localtime(now),
        "at_hand": next((m for m in upcoming if is_at_hand(m, request.user)), None),
        "asked": asked,
        "upcoming": [meeting for meeting in upcoming if meeting is not asked],
        "guidepost": guideposts.of_the_fortnight(timezone.localdate()),
        "office": request.user.is_secretariat and not upcoming,
        "waiting_groups": Membership.objects.waiting_for(
            request.user,
            now,
            asks_for_dates=DateSearch.objects.asks(request.user),
            asks_for_care=Concern.objects.asks_who_tends(),
            asks_how_to_go_on=Review.objects.asks(request.user),
        ),
        "offered_places": request.user.requests.offered().select_related("group"),
    }
    if not upcoming:
        context["my_groups"] = list(Group.objects.of(request.user).alive())
    if asked:
        kept = typed_before(request)
        form = QuestionForm(initial={"question": kept}) if kept else None
        context |= region(request.user, asked, form, ask=bool(kept))
    near = {meeting.group.pk: meeting.group for meeting in upcoming}
    near |= {group.pk: group for group in context.get("my_groups", [])}
    networks = [group for group in near.values() if not group.is_team]
    context["ten_minutes"] = ten_minutes.regions(request.user, networks) if networks else []
    return render(request, "meetings/today.html", context)


def is_at_hand(meeting: Meeting, user) -> bool:
    return meeting.status == Meeting.Status.LIVE or can_begin(meeting, user)


def first_of_each_group(meetings) -> list[Meeting]:
    found: dict[int, Meeting] = {}
    for meeting in meetings:
        found.setdefault(meeting.series.group_id, meeting)
    return list(found.values())
