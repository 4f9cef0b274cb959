"""Ten minutes? One tap to ask one's group, one to call. Two pages share the region."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.htmx import render_partial
from meetings.forms import PhoneForm
from meetings.models import TenMinutes
from networks.models import Group

PAGE = "meetings/ten_minutes.html"


def regions(user, groups, form=None) -> list[dict]:
    """For each of these groups what is asked there, and whether one may ask oneself."""
    shown: dict[int, list] = {}
    for one in TenMinutes.objects.shown_to(user, timezone.now()):
        shown.setdefault(one.group_id, []).append(one)
    return [
        {
            "group": group,
            "asked": shown.get(group.pk, []),
            "may_ask": user.pk not in {one.asker_id for one in shown.get(group.pk, [])},
            "phone_form": form,
        }
        for group in groups
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ten_minutes(request, pk):
    group = get_object_or_404(_networks(request.user), pk=pk)
    if request.method != "POST":
        return _answer(request, group)
    if not request.user.phone:
        asks_first = "phone" not in request.POST
        form = PhoneForm(None if asks_first else request.POST, instance=request.user)
        if not form.is_valid():
            return _answer(request, group, form, status=422)
        form.save()
    TenMinutes.objects.ask(group, by=request.user)
    messages.success(request, _("Your group has been asked. You see here who calls."))
    return _done(request, group)


@require_POST
def call(request, pk):
    asked = _asked(request, pk)
    if asked.asker_id == request.user.pk:
        raise PermissionDenied
    if not asked.call(by=request.user):
        messages.info(request, _too_late(asked))
    return _done(request, asked.group)


def _too_late(asked) -> str:
    if asked.caller_id and asked.ended_at is None:
        words = _("%(name)s was quicker and calls. Thank you for being there.")
        return words % {"name": asked.caller}
    return _("It is no longer needed. Thank you for being there.")


@require_POST
def end(request, pk):
    """Taken back by who asked, or done for the two who talked."""
    asked = _asked(request, pk)
    if request.user.pk not in (asked.asker_id, asked.caller_id):
        raise PermissionDenied
    asked.end()
    messages.success(request, _("Good that you talked.") if asked.caller_id else _("Taken back."))
    return _done(request, asked.group)


def _networks(user):
    here = Group.objects.open_to(user).filter(kind=Group.Kind.NETWORK)
    return here.alive().select_related("organisation")


def _asked(request, pk) -> TenMinutes:
    return get_object_or_404(TenMinutes.objects.visible_to(request.user).with_people(), pk=pk)


def _done(request, group):
    return _answer(request, group) if request.htmx else redirect("meetings:ten_minutes", group.pk)


def _answer(request, group, form=None, status=200):
    context = regions(request.user, [group], form)[0]
    return render_partial(request, PAGE, "ten_minutes", context, status=status)
