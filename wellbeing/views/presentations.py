"""What was presented to management: a page, a sheet of paper, and the day to put it right."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wellbeing import presented
from wellbeing.decision_forms import PresentationForm
from wellbeing.models import Apv, Presentation
from wellbeing.models.presentation import units_of_senior_manager
from wellbeing.views.apv import tried

A_PAGE = 20
FORM = "wellbeing/presentation_form.html"


@require_safe
def presentations(request):
    rows = Presentation.objects.visible_to(request.user).newest_first()
    rows = rows.select_related("organisation", "unit", "apv__unit").prefetch_related("decisions")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "may_present": units_of_senior_manager(request.user).exists(),
    }
    return render(request, "wellbeing/presentations.html", context)


def new(request):
    """?apv=… what that APV came to; else the guideposts alone."""
    by, apv = request.user, _apv(request)
    if not (apv.may_be_framed_by(by) if apv else units_of_senior_manager(by).exists()):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    today = {"presented_on": by.organisation.local_date(timezone.now())}
    form = PresentationForm(posted, by=by, apv=apv, initial=today)
    if posted is not None and form.is_valid():
        said = {name: form.cleaned_data.get(name) for name in form.fields if name != "sure"}
        try:
            return redirect(Presentation.objects.present(by, apv=apv, **said))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "apv": apv}
    return render(request, FORM, context, status=200 if posted is None else 422)


@require_safe
def presentation(request, pk):
    one = seen(request, pk)
    changes = one.is_fresh() and one.may_be_changed_by(request.user)
    context = {
        "presentation": one,
        "said": presented.presented(one),
        "decisions": one.decisions.newest_first(),
        "changes": changes,
        "may_decide": units_of_senior_manager(request.user).exists(),
        "apv": Apv.objects.visible_to(request.user).filter(pk=one.apv_id or 0).first(),
        "languages": settings.LANGUAGES,
    }
    return render(request, "wellbeing/presentation.html", context)


@require_safe
def paper(request, pk):
    one, language = seen(request, pk), request.GET.get("language")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language()
    response = HttpResponse(presented.paper(one, language), content_type="application/pdf")
    name = f"{slugify(f'{one} {one.presented_on}')}-{language}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def correct(request, pk):
    one = _changed(request, pk)
    posted = request.POST if request.method == "POST" else None
    names = ("to_whom", "presented_on", "said")
    initial = {name: getattr(one, name) for name in names}
    form = PresentationForm(posted, by=request.user, apv=one.apv, presentation=one, initial=initial)
    if posted is not None and form.is_valid():
        said = {name: form.cleaned_data[name] for name in names}
        words = _("Put together anew, from what stands now.")
        tried(request, lambda: one.correct(**said), words)
        return redirect("wellbeing:presentation", one.pk)
    context = {"form": form, "apv": one.apv, "presentation": one}
    return render(request, FORM, context, status=200 if posted is None else 422)


@require_POST
def take_back(request, pk):
    one = _changed(request, pk)
    if tried(request, one.take_back, _("Taken back. It wasn’t presented.")):
        return redirect("wellbeing:presentations")
    return redirect("wellbeing:presentation", pk)


def seen(request, pk) -> Presentation:
    return get_object_or_404(Presentation.objects.visible_to(request.user).for_page(), pk=pk)


def _changed(request, pk) -> Presentation:
    one = seen(request, pk)
    if not one.may_be_changed_by(request.user):
        raise PermissionDenied
    return one


def _apv(request) -> Apv | None:
    if not (chosen := request.GET.get("apv", "")):
        return None
    key = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0
    return get_object_or_404(Apv.objects.visible_to(request.user).for_page(), pk=key)
