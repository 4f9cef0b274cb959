"""Leaders in from a table: read, shown line by line, confirmed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from networks.comparing import CHANGED, NEW, SAME, UNCLEAR
from networks.models import Import, ImportLine
from networks.office_forms import TableForm
from networks.views.people import tends_people

PER_PAGE = 50
ORDER = [UNCLEAR, NEW, CHANGED, ImportLine.MISSING, SAME]
PAGE = "networks/import.html"


@tends_people
def begin(request):
    if request.method != "POST":
        waiting = Import.objects.visible_to(request.user).waiting_for_a_yes().first()
        return render(
            request, "networks/import_new.html", {"form": TableForm(), "waiting": waiting}
        )
    sent = (request.POST, request.FILES)  # read now: only then is known what was too big
    form = TableForm(*sent, too_big=getattr(request, "upload_too_big", False))
    if not form.is_valid():
        return render(request, "networks/import_new.html", {"form": form}, status=422)
    file = form.cleaned_data["file"]
    staged = Import.stage(
        form.cleaned_data["lines"],
        by=request.user,
        ignored=form.cleaned_data["ignored"],
        source=file.name if file else "",
    )
    return redirect(staged)


@tends_people
def look(request, pk):
    """How far it is; then what would change, what is unclear first."""
    one = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    counts = one.counts()
    counts[UNCLEAR + "_or_remarked"] = counts[UNCLEAR] + counts["remarks"]
    shown = {
        what: counts[UNCLEAR + "_or_remarked"] if what == UNCLEAR else counts[what]
        for what in ORDER
    }
    there = [what for what in ORDER if shown[what]]
    what = request.GET.get("show", "")
    what = what if what in there else (there or [SAME])[0]
    lines = Paginator(one.lines.showing(what), PER_PAGE)
    context = {
        "import": one,
        "counts": counts,
        "kinds": [(kind, shown[kind]) for kind in there],
        "what": what,
        "page": lines.get_page(request.GET.get("page")),
    }
    return render_partial(request, PAGE, "state", context)


@require_POST
@tends_people
def confirm(request, pk):
    one = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    one.confirm()
    return redirect(one)


@require_POST
@tends_people
def drop(request, pk):
    one = get_object_or_404(Import.objects.visible_to(request.user), pk=pk)
    one.drop()
    messages.success(request, _("Dropped. Nothing was changed, and what was read is deleted."))
    return redirect("networks:import_new")
