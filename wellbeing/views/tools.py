"""The tool shelf: looked through by theme, put up by the secretariat, its files fetched."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.forms import ToolForm
from wellbeing.models import Step, Theme, Tool, ToolFile


def tools(request):
    """GET: the shelf. POST: something more on it."""
    if request.method == "POST":
        return _put_up(request)
    return render(request, "wellbeing/tools.html", shelf(request) | {"form": ToolForm()})


def shelf(request) -> dict:
    found = Tool.objects.visible_to(request.user).in_order()
    theme, step = request.GET.get("theme", ""), request.GET.get("step", "")
    if theme in Theme:
        found = found.filter(themes__contains=[theme])
    if step in Step:
        found = found.filter(step=step)
    return {
        "tools": list(found),
        "themes": Theme.choices,
        "steps": Step.choices,
        "theme": theme,
        "step": step,
    }


def _put_up(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    sent = (request.POST, request.FILES)  # read now: only then is known what was too big
    form = ToolForm(*sent, too_big=getattr(request, "upload_too_big", False))
    if not form.is_valid():
        return render(request, "wellbeing/tools.html", shelf(request) | {"form": form}, status=422)
    tool = Tool.objects.put_up(request.user, **form.cleaned_data)
    messages.success(request, _("It stands on the shelf."))
    return redirect(tool)


def fitting(request):
    """What is offered beside a meeting, a guidepost or a question, by its themes: a fragment.

    `wellbeing/fitting.html` is how a page asks for it.
    """
    asked = request.GET
    visible = Tool.objects.visible_to(request.user)
    found = visible.fitting(asked.getlist("theme"), asked.get("step", ""))
    return render(request, "wellbeing/tools.html#fitting", {"tools": found[:2]})


def file(request, pk):
    """To keep, never to run: whatever it is, the browser puts it on the disk."""
    visible = Tool.objects.visible_to(request.user)
    found = get_object_or_404(ToolFile, tool__in=visible, tool=pk)
    answer = HttpResponse(bytes(found.data), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def retire(request, pk):
    own = Tool.objects.visible_to(request.user).exclude(organisation=None)
    found = get_object_or_404(own, pk=pk)
    if not request.user.is_secretariat:
        raise PermissionDenied
    found.retire()
    messages.success(request, _("Taken off the shelf."))
    return redirect("wellbeing:tools")
