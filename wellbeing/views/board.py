"""What one does on the board of a theme day."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from wellbeing.forms import DayWordingForm, HeadlineForm, MoveForm, NoteForm, said_of
from wellbeing.models import Cluster, Note, ThemeDay, Wording
from wellbeing.table import table
from wellbeing.views.theme_days import DAY, after


@require_POST
def notes(request, pk):
    """A note for the board: with one's name, or nobody's."""
    day, form = _of(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        context = table(request.user, day) | {"note_form": form}
        return render_partial(request, DAY, "board", context, status=422)
    said = form.cleaned_data
    by = request.user if said["named"] else None
    add = lambda: day.add_note(said["text"], by=by, key=said["key"])  # noqa: E731
    return after(request, day, add, _("On the board. Write another one."))


@require_POST
def note_removal(request, pk):
    """Whoever wrote it under their name takes it away, or who leads the day."""
    note = get_object_or_404(Note.objects.select_related("day"), pk=pk)
    day = _of(request, note.day_id)
    if note.author_id != request.user.pk and not request.user.is_secretariat:
        raise PermissionDenied
    return after(request, day, lambda: day.remove_note(note), _("Taken away."))


@require_POST
def moves(request, pk):
    day, form = _of(request, pk), MoveForm(request.POST)
    if not form.is_valid():
        raise Http404
    return after(request, day, lambda: _move(request, day, form.cleaned_data))


def _move(request, day, said) -> None:
    """Says it where somebody else had moved the note meanwhile, or the headline is gone."""
    notes, cluster = said["notes"], None
    if said["seen"]:
        lay = day.notes.filter(pk__in=notes).values_list("cluster", flat=True).first()
        if str(lay or "loose") != said["seen"]:
            messages.info(
                request, _("Somebody else had just moved it. Now it lies where you put it.")
            )
    if said["cluster"]:
        cluster = day.clusters.filter(pk=said["cluster"]).first()
        if not cluster:
            messages.error(request, _("That headline is gone. The note lies where it was."))
            return
    elif not said["loose"]:
        if not said["headline"]:
            messages.error(request, _("Write the headline that they belong under."))
            return
        cluster = day.clusters.filter(headline__iexact=said["headline"]).first()
        if not cluster:
            day.add_cluster(said["headline"], notes)
            return
    if not notes:
        messages.info(request, _("Choose the notes first."))
        return
    day.move_notes(notes, cluster)


def cluster(request, pk):
    """Another headline."""
    found = get_object_or_404(Cluster.objects.select_related("day"), pk=pk)
    day = _of(request, found.day_id)
    form = HeadlineForm(request.POST or None, initial={"headline": found.headline})
    if request.method == "POST" and form.is_valid():
        return after(request, day, lambda: day.rename_cluster(found, form.cleaned_data["headline"]))
    status = 422 if request.method == "POST" else 200
    context = {"day": day, "cluster": found, "form": form}
    return render(request, "wellbeing/cluster.html", context, status=status)


@require_POST
def dissolution(request, pk):
    found = get_object_or_404(Cluster, pk=pk)
    day = _of(request, found.day_id)
    return after(request, day, lambda: day.dissolve_cluster(found), _("The notes lie loose again."))


@require_POST
def dot(request, pk):
    found = get_object_or_404(Cluster, pk=pk)
    day = _of(request, found.day_id)
    given = request.POST.get("given") == "1"
    return after(request, day, lambda: day.give_dot(found, request.user, given))


@require_POST
def wordings(request, pk):
    day = _of(request, pk)
    form = DayWordingForm(request.POST, day=day)
    if not form.is_valid():
        return render(request, DAY, table(request.user, day) | {"wording_form": form}, status=422)
    return after(
        request,
        day,
        lambda: day.word(**form.cleaned_data),
        _("Worded. It can be changed until the day is finished."),
    )


def wording(request, pk):
    """Otherwise, while the day is open."""
    found = get_object_or_404(Wording.objects.select_related("day", "replaces"), pk=pk)
    day = _of(request, found.day_id)
    form = DayWordingForm(request.POST or None, initial=said_of(found), day=day)
    del form.fields["replaces"]
    if request.method == "POST" and form.is_valid():
        return after(request, day, lambda: day.reword(found, **form.cleaned_data))
    status = 422 if request.method == "POST" else 200
    context = {"day": day, "wording": found, "form": form}
    return render(request, "wellbeing/wording.html", context, status=status)


@require_POST
def wording_removal(request, pk):
    found = get_object_or_404(Wording.objects.select_related("guidepost"), pk=pk)
    day = _of(request, found.day_id)
    return after(request, day, lambda: day.drop(found), _("Taken out."))


def _of(request, pk) -> ThemeDay:
    """A day that this person takes part in."""
    return get_object_or_404(ThemeDay.objects.open_to(request.user).newest_first(), pk=pk)
