"""The focus person's own: notes, keeping them, and what became of it. Nobody else finds these."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from meetings.forms import NotesForm, OutcomeForm
from meetings.models import Notes, Sparring

PAGE = "meetings/case_notes.html"


@never_cache
@require_http_methods(["GET", "HEAD"])
def mine(request):
    """All talks one was the focus person of and of which something is left."""
    talks = Sparring.objects.of_focus_person(request.user).closed().with_text().for_page()
    talks = talks.select_related("notes").order_by("-closed_at")
    return render(request, "meetings/case_mine.html", {"talks": talks})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request, pk):
    sparring = _own(request, pk)
    if request.method != "POST":
        return _page(request, sparring)
    form = NotesForm(request.POST)
    if not sparring.takes_notes:
        messages.info(request, _("The question and the notes are deleted, as agreed."))
        return redirect("meetings:my_notes")
    if not form.is_valid():
        if request.htmx:
            return HttpResponse(form.errors["notes"][0], status=422)
        return _page(request, sparring, form, status=422)
    Notes.objects.write(sparring, form.cleaned_data["notes"])
    if request.htmx:
        return HttpResponse(_("Kept at %(time)s.") % {"time": time_format(timezone.localtime())})
    messages.success(request, _("Your notes are kept."))
    return redirect(sparring) if sparring.is_running else redirect("meetings:notes", sparring.pk)


@require_POST
def keep(request, pk):
    sparring = _own(request, pk)
    sparring.keep()
    messages.success(request, _("Kept, until you let go of it yourself."))
    return redirect("meetings:notes", sparring.pk)


@require_POST
def let_go(request, pk):
    """Deleted now."""
    sparring = _own(request, pk)
    if sparring.is_closed:
        sparring.forget()
        messages.success(request, _("Deleted: the question and your notes."))
    return redirect("meetings:my_notes")


@require_POST
def tell(request, pk):
    sparring = _own(request, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, sparring, outcome_form=form, status=422)
    sparring.tell(form.cleaned_data["outcome"])
    messages.success(
        request, _("Your group can read it.") if sparring.outcome else _("Taken back.")
    )
    return redirect("meetings:notes", sparring.pk)


def _own(request, pk) -> Sparring:
    talks = Sparring.objects.of_focus_person(request.user).filter(started_at__isnull=False)
    return get_object_or_404(talks.for_page().select_related("notes"), pk=pk)


def _page(request, sparring, form=None, status=200, **context):
    written = getattr(sparring, "notes", None)
    context = {
        "sparring": sparring,
        "form": form or NotesForm.of(sparring),
        "unreadable": written is not None and written.text is None,
        "outcome_form": OutcomeForm(initial={"outcome": sparring.outcome}),
        **context,
    }
    return render(request, PAGE, context, status=status)
