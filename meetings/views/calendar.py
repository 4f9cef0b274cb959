"""One's meetings in one's own calendar: by mails with invitations, or by a feed."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meetings import feeds
from meetings.models import Feed
from networks.models import Group

PAGE = "meetings/calendar.html"


@require_safe
def choose(request):
    return render(request, PAGE, _choices(_leader(request)))


@never_cache
@require_POST
def make(request):
    """Answers the page itself, not a redirect: the address is shown this once and kept nowhere."""
    person, group = _leader(request), None
    if chosen := request.POST.get("group", ""):
        if not chosen.isdecimal() or len(chosen) > 18:
            raise Http404
        group = get_object_or_404(Group.objects.of(person), pk=chosen)
    made, token = Feed.make(person, group)
    address = settings.SITE_URL + Feed.path_of(token)
    webcal = "webcal:" + address.partition(":")[2]
    context = _choices(person) | {"made": made, "address": address, "webcal": webcal}
    return render(request, PAGE, context)


@require_POST
def end(request, pk):
    feed = get_object_or_404(Feed.objects.filter(person=request.user), pk=pk)
    feed.revoke()
    messages.success(request, _("That address has stopped working."))
    return redirect("meetings:calendar")


def _leader(request):
    if request.user.organisation is None:  # a superuser has no meetings
        raise PermissionDenied
    return request.user


def _choices(person) -> dict:
    standing = {feed.group_id: feed for feed in Feed.objects.standing().filter(person=person)}
    personal, groups = standing.get(None), Group.objects.of(person).alive().order_by("name", "pk")
    return {
        "personal": personal,
        "has_groups": bool(groups),
        "groups": [
            (group, standing.get(group.pk))
            for group in groups
            if group.pk in standing or not personal  # which holds them all
        ],
    }


# Nobody is signed in here: the address is the key. Two reads that need no common transaction.
@login_not_required
@transaction.non_atomic_requests
@require_safe
def feed(request, token):
    found = Feed.objects.behind(token)
    if found is None or found.person.organisation is None:
        raise Http404
    now = timezone.now()
    dates = feeds.dates(found, now)
    found.note(dates.fingerprint, now)
    etag, changed = quote_etag(dates.fingerprint), int(found.changed_at.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        written = dates.written(found.changed_at)
        response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["ETag"], response["Last-Modified"] = etag, http_date(changed)
    response["Cache-Control"] = "private, no-cache"
    return response
