"""The written APV: a page, a PDF, and the plan of action as a workbook."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from networks.views.people import WORKBOOK
from wellbeing import written_apv
from wellbeing.views.apv import seen


@require_safe
def written(request, pk):
    apv = seen(request, pk)
    context = {"apv": apv, "said": written_apv.written(apv), "languages": settings.LANGUAGES}
    return render(request, "wellbeing/apv_written.html", context)


@require_safe
def paper(request, pk):
    apv, language = seen(request, pk), request.GET.get("language")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language()
    return _file(
        written_apv.paper(apv, language), "application/pdf", f"{_name(apv)}-{language}.pdf"
    )


@require_safe
def sheet(request, pk):
    apv = seen(request, pk)
    return _file(written_apv.sheet(apv), WORKBOOK, f"{_name(apv)}.xlsx")


def _name(apv) -> str:
    return slugify(f"leder-apv {apv.unit} {apv.begun_on}")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
