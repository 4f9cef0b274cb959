"""Which format a meeting or a season follows, and the own formats of a group and of all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meetings.format_forms import ChoiceForm, FormatForm, PhaseFormSet
from meetings.models import Format, Meeting, Phase
from networks.models import Group


def choose(request, pk):
    """For this meeting, or with `season` for all of the season's that have none of their own."""
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user)
        .for_page()
        .select_related("format", "series__format"),
        pk=pk,
    )
    form = ChoiceForm(request.POST or None, group=meeting.group)
    if request.method == "POST" and form.is_valid():
        _follow(request, meeting, form.cleaned_data["format"])
        return redirect("meetings:room", meeting.pk)
    context = {
        "meeting": meeting,
        "form": form,
        "formats": Format.objects.for_meetings_of(meeting.group).with_phases().in_order(),
        "followed": meeting.followed_format,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/formats.html", context, status=status)


def _follow(request, meeting, format) -> None:
    if "season" in request.POST:
        meeting.series.follow(format)
        messages.success(request, _("The season’s meetings follow it from now on."))
    else:
        meeting.follow(format)
        messages.success(request, _("This meeting follows it."))


@require_POST
def copy(request, pk):
    """A copy of one of the formats, the group's own, to change as they like."""
    group = get_object_or_404(Group.objects.open_to(request.user), pk=pk)
    found = _asked_for(request, Format.objects.open_to(group))
    return redirect("meetings:format", found.copy_for(group, by=request.user).pk)


def for_all(request):
    """The secretariat's: what every group may meet by. A POST makes a copy of one to change."""
    organisation = request.user.organisation
    if not request.user.is_secretariat:
        raise PermissionDenied
    own, starters = Format.objects.of_organisation(organisation.pk), Format.objects.starters()
    if request.method == "POST":
        found = _asked_for(request, own | starters)
        return redirect("meetings:format", found.copy_for(organisation, by=request.user).pk)
    formats = (own | starters).with_phases().in_order()
    context = {
        "own": [one for one in formats if not one.is_starter],
        "starters": [one for one in formats if one.is_starter],
    }
    return render(request, "meetings/formats_for_all.html", context)


def _asked_for(request, formats) -> Format:
    of = request.POST.get("of", "")  # a key, or the fixed name of a starter
    which = {"pk": of} if of.isascii() and of.isdecimal() and len(of) < 10 else {"slug": of}
    return get_object_or_404(formats, **which)


def edit(request, pk):
    found = get_object_or_404(
        Format.objects.own_of(request.user).select_related("group__organisation"), pk=pk
    )
    sent = request.POST if request.method == "POST" else None
    form = FormatForm(sent, instance=found)
    top = Phase.objects.filter(format=found, within=None).order_by("position")
    phases = PhaseFormSet(sent, queryset=top, prefix="phases")
    if sent and form.is_valid() and phases.is_valid():
        form.instance.rewrite(phases.kept)
        messages.success(request, _("Saved."))
        return redirect("meetings:format", found.pk)
    context = {"format": found, "group": found.group, "form": form, "phases": phases}
    return render(request, "meetings/format.html", context, status=422 if sent else 200)


@require_POST
def retire(request, pk):
    found = get_object_or_404(Format.objects.own_of(request.user).select_related("group"), pk=pk)
    found.retire(at=timezone.now())
    messages.success(request, _("Nobody is offered it any more. Meetings that follow it keep it."))
    return redirect(found.group or "meetings:formats_for_all")
