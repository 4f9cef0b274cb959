"""What happens to a guidepost: worded, reworded, retired, brought back, hung on a wall."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.models import Unit
from wellbeing.examples import example_of
from wellbeing.forms import GuidepostForm, RetirementForm, WordingForm, said_of
from wellbeing.models import Guidepost
from wellbeing.papers.poster import SIZES, print_poster

FORM = "wellbeing/guidepost_form.html"


def new(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    example = example_of(request.GET.get("example", ""))
    initial = example.as_initial if example else {}
    form = GuidepostForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        word = lambda **said: Guidepost.objects.word(request.user.organisation, **said)  # noqa: E731
        if done := _try(form, word):
            messages.success(request, _("It stands among the guideposts."))
            return redirect(done)
    status = 422 if request.method == "POST" else 200
    return render(request, FORM, {"form": form, "example": example}, status=status)


def reword(request, pk):
    guidepost = _changeable(request, pk)
    form = WordingForm(request.POST or None, initial=said_of(guidepost))
    if request.method == "POST" and form.is_valid() and (done := _try(form, guidepost.reword)):
        messages.success(request, _("Reworded. The old words are kept with it."))
        return redirect(done)
    status = 422 if request.method == "POST" else 200
    return render(request, FORM, {"form": form, "guidepost": guidepost}, status=status)


def retire(request, pk):
    guidepost = _changeable(request, pk)
    form = RetirementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guidepost.retire(form.cleaned_data["why"])
        messages.success(request, _("Retired. It can be found under earlier guideposts."))
        return redirect("wellbeing:guideposts")
    context = {"form": form, "guidepost": guidepost}
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/guidepost_retirement.html", context, status=status)


@require_POST
def bring_back(request, pk):
    guidepost = _changeable(request, pk)
    try:
        guidepost.bring_back()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("wellbeing:earlier_guideposts")
    return redirect(guidepost)


def earlier(request):
    """What nobody steers by any more, and what was said otherwise before."""
    gone = Guidepost.objects.visible_to(request.user).exclude(retired_on=None)
    gone = gone.select_related("unit", "successor", "origin").order_by("-retired_on", "-pk")
    return render(request, "wellbeing/earlier_guideposts.html", {"guideposts": gone})


def poster(request):
    """One owner's guideposts on a sheet to hang up: ?unit=…&size=a3"""
    unit, size = None, request.GET.get("size", "a3")
    if chosen := request.GET.get("unit", ""):
        here = Unit.objects.filter(organisation=request.user.organisation_id)
        unit = get_object_or_404(here, pk=int(chosen) if chosen.isdecimal() else 0)
    if size not in SIZES or not request.user.organisation_id:
        raise Http404
    owned = Guidepost.objects.owned_by(request.user.organisation_id, unit)
    standing = list(owned.standing().order_by("pk"))
    if not standing:
        raise Http404
    owner = unit or request.user.organisation
    pdf = print_poster(owner, standing, size, get_language())
    name = f"{_('guideposts')}-{size}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _changeable(request, pk) -> Guidepost:
    visible = Guidepost.objects.visible_to(request.user).select_related("unit", "organisation")
    guidepost = get_object_or_404(visible, pk=pk)
    if not guidepost.may_be_changed_by(request.user):
        raise PermissionDenied
    return guidepost


def _try(form, verb):
    """What the verb makes of what was typed; None, and the form says why, where it refuses."""
    try:
        return verb(**form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
