"""Pages that mix levels: a group with its meetings, the secretariat's office, the rehearsal."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.models import DateSearch, Meeting
from networks.forms import AddressForm
from networks.models import Concern, Ending, Group, User
from networks.views.doors import asked_in, seen_from_outside
from notifications.models import Delivery

PER_PAGE = 30
STATES = ["forming", "running", "paused"]
SHOWN = 6  # meetings ahead on a group's page


def group(request, pk):
    """A member sees the room; an outsider who could come in sees what it is for and the five
    lines; the secretariat sees who is in it and when it meets, never content.
    """
    here = Group.objects.filter(organisation=request.user.organisation_id)
    searches = DateSearch.objects.open().filter(group=OuterRef("pk"))
    here = here.with_doors().annotate(has_date_search=Exists(searches))
    found = get_object_or_404(here.select_related("organisation", "senior_manager"), pk=pk)
    now, user = timezone.now(), request.user
    kept = list(found.memberships.kept().with_what_waits(now).in_order())
    if any(one.suspended_at and one.user_id == user.pk for one in kept):
        return render(request, "meetings/place_rests.html", {"group": found})
    members = [one for one in kept if not one.suspended_at]
    membership = next((one for one in members if one.user_id == user.pk), None)
    inside = membership is not None or found.senior_manager_id == user.pk
    if not inside and not user.is_secretariat:
        return _from_outside(request, found, [one.user_id for one in members])
    if membership:
        membership.group = found
    meetings = Meeting.objects.filter(series__group=found).standing().coming(now).for_page()[:SHOWN]
    tends = user.is_secretariat or (
        membership is not None and membership.tends and not found.is_team
    )
    context = {
        "group": found,
        "membership": membership,
        "reads_lines_first": membership is not None and not membership.sees_content,
        "agreement": found.agreement if not found.is_team else None,
        "members": members,
        "away": [one for one in kept if one.suspended_at],
        "meetings": list(meetings),
        "seasons": list({meeting.series_id: meeting.series for meeting in meetings}.values()),
        "can_schedule": tends or found.senior_manager_id == user.pk,
        "tends": tends and not found.is_team,
        "sees_content": inside and (membership is None or membership.sees_content),
        "asked": asked_in(found, membership),
    }
    if not found.is_team:
        context |= _its_life(found, membership, tends and not user.is_secretariat, now)
    return render(request, "meetings/group.html", context)


ELSEWHERE_ON_THE_PAGE = [Concern.Kind.NO_DATE, Concern.Kind.NO_ROPE]


def _its_life(group, membership, tends: bool, now) -> dict:
    """Whether a network group rests or has ended, what it lacks, and what it is asked each year."""
    found = {}
    if group.status == Group.Status.PAUSED:
        found["pause"] = group.pauses.standing().first()
    if group.status == Group.Status.CLOSED:
        found["ending"] = Ending.objects.filter(group=group).first()
    if tends:
        concerns = group.concerns.standing().of_the_group().exclude(kind__in=ELSEWHERE_ON_THE_PAGE)
        found["care"] = list(concerns.in_order())
    if membership and membership.sees_content:
        shown = group.reviews.shown(now).with_answer_of(membership.user_id)
        found["review"] = shown.first()
    return found


def _from_outside(request, found, members):
    door = seen_from_outside(request.user, found, members)
    if door is None:
        raise Http404
    coming = Meeting.objects.filter(series__group=found).standing().coming(timezone.now())
    context = {"group": found, "agreement": found.agreement, "next": coming.first()} | door
    return render(request, "networks/outside.html", context)


def office(request):
    """The secretariat's page: which groups there are, how they are, which lack a next date."""
    if not request.user.is_secretariat:
        raise PermissionDenied
    now, shown = timezone.now(), request.GET.get("show", "")
    care = Concern.objects.of_the_secretariat(now).undone(now).filter(group=OuterRef("pk"))
    groups = Group.objects.filter(organisation=request.user.organisation_id).alive()
    groups = groups.annotate(asks_for_care=Exists(care))
    which = {"care": Q(asks_for_care=True)} | {one: Q(status=one) for one in STATES}
    filters = {name: Count("pk", filter=wanted) for name, wanted in which.items()}
    held = Meeting.objects.filter(
        series__group=OuterRef("pk"), status="held", starts_at__gte=_first_of_month(now)
    )
    numbers = groups.annotate(has_met=Exists(held)).aggregate(
        **filters, all=Count("pk"), met=Count("pk", filter=Q(status="running", has_met=True))
    )
    listed = (
        groups.filter(which.get(shown, Q()))
        .with_size()
        .annotate(next_start=Meeting.objects.next_start_of_group())
        .select_related("senior_manager", "organisation")
        .order_by("-kind", "name", "pk")
    )
    context = {
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "shown": shown if shown in which else "",
        "numbers": numbers,
        "unreached": User.objects.unreached_in(request.user.organisation_id).exists(),
    }
    return render(request, "meetings/office.html", context)


def _first_of_month(now):
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def rehearsal(request):
    """What would have gone to whom, without content."""
    if not request.user.is_secretariat:
        raise PermissionDenied
    spared = (
        Delivery.objects.filter(
            Q(skip_reason="rehearsal") & Q(recipient__organisation=request.user.organisation_id)
        )
        .select_related("recipient")
        .order_by("-due_at", "pk")
    )
    page = Paginator(spared, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/rehearsal.html", {"page": page})


def mails(request):
    """Which mails could not be delivered to whom and why, without content."""
    if not request.user.is_secretariat:
        raise PermissionDenied
    return _mails(request)


@require_POST
def mail_again(request, pk):
    """Correct the address of somebody whose mails fail, and send those again."""
    if not request.user.is_secretariat:
        raise PermissionDenied
    here = User.objects.active().filter(organisation=request.user.organisation_id)
    person = get_object_or_404(here, pk=pk)
    if not person.deliveries.failed().exists():  # sent again a moment ago, perhaps
        messages.info(request, _("Nothing is waiting to be sent again."))
        return redirect("mails")
    form = AddressForm(request.POST, instance=person)
    if not form.is_valid():
        return _mails(request, form, status=422)
    person.change_email(form.cleaned_data["email"])
    person.deliveries.send_again()
    messages.success(request, _("We send again to %(address)s.") % {"address": person.email})
    return redirect("mails")


def _mails(request, refused: AddressForm | None = None, **kwargs):
    failed = Prefetch("deliveries", Delivery.objects.failed(), to_attr="failed")
    unreached = User.objects.unreached_in(request.user.organisation_id)
    people = unreached.order_by("sort_name", "pk").prefetch_related(failed)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (one, refused if refused and refused.instance.pk == one.pk else AddressForm(instance=one))
        for one in page
    ]
    return render(request, "meetings/mails.html", {"page": page, "rows": rows}, **kwargs)
