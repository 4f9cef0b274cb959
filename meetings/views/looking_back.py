"""Looking back: one's earlier meetings, and finding again what was talked about."""

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render

from config.htmx import render_partial
from meetings import search
from meetings.models import AgendaItem, Commitment, Meeting

PER_PAGE = 20


def earlier(request):
    """The meetings that have been held, the latest first."""
    held = Meeting.objects.visible_to(request.user).filter(status=Meeting.Status.HELD)
    held = held.for_page().annotate(
        questions=_number(AgendaItem.objects.filter(status=AgendaItem.Status.SET)),
        agreements=_number(Commitment.objects.standing()),
    )
    page = Paginator(held.order_by("-starts_at", "-pk"), PER_PAGE)
    return render(
        request, "meetings/earlier.html", {"page": page.get_page(request.GET.get("page"))}
    )


def find(request):
    typed = " ".join(request.GET.get("q", "").split())[: search.LONGEST]
    context = {"typed": typed, "wanted": False}
    if query := search.wanted(typed):
        rows = search.found_by(request.user, query)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"wanted": True, "page": page, "found": search.shown(list(page), query)}
    return render_partial(request, "meetings/search.html", "found", context)


def _number(rows) -> Coalesce:
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    number = counted.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
