"""The secretariat composes groups: who, wishes, the search, the board, one person's place."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from networks.compose_forms import ApartForm, PeopleForm, ProposedGroupForm, WishForm
from networks.explaining import Board, demands_in_words
from networks.models import Busy, Composition, KeptApart, ProposedGroup, Seat, Unit, Wish
from networks.models.composition import LONGER

BOARD = "networks/compose.html"
PEOPLE = "networks/compose_people.html"
PER_PAGE = 30
AT_ONCE = 480  # people on one page; where there are more, one chooses an area first


def compositions(request):
    if not request.user.is_secretariat:
        raise PermissionDenied
    if request.method == "POST":
        return redirect("networks:composition_people", Composition.draft(by=request.user).pk)
    found = Composition.objects.visible_to(request.user).annotate(people=Count("seats"))
    page = Paginator(found.order_by("-created_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "networks/compose_list.html", {"page": page})


def composition(request, pk):
    """The board. While the solver works it asks every other second how far it is."""
    return _board(request, _mine(request, pk))


def _board(request, composition, status=200):
    board = Board(composition)
    context = {
        "composition": composition,
        "board": board,
        "demands": demands_in_words(board) if composition.state == "impossible" else [],
        "longer": LONGER,
    }
    return render_partial(request, BOARD, "board", context, status=status)


# ---- who, and what they wish


def people(request, pk):
    composition = _mine(request, pk)
    if composition.is_busy or composition.state == Composition.State.STARTED:
        return redirect(composition)
    if request.method != "POST":
        return _people(request, composition)
    if "usual" in request.POST:
        also = request.POST["usual"] == "1"
        return _adjusted(
            request, composition, lambda: composition.choose_usual(also), of_people=True
        )
    area = _area(request.POST.get("area"), composition)
    chosen = set(composition.seats.values_list("user_id", flat=True))
    candidates = _candidates(composition, area)
    shown = set(candidates.values_list("pk", flat=True))
    form = PeopleForm(
        request.POST,
        composition=composition,
        candidates=candidates,
        kept=len(chosen - shown),
    )
    if not form.is_valid():
        return _people(request, composition, form=form, status=422)
    picked = chosen - shown | {one.pk for one in form.cleaned_data["people"]}
    return _adjusted(
        request, composition, lambda: _choose(composition, picked, form, request), of_people=True
    )


def _choose(composition, picked, form, request):
    composition.choose(picked, form.cleaned_data["number_of_groups"])
    if "compose" in request.POST:
        composition.ask_for_proposal()
        return redirect(composition)
    messages.success(request, _("Saved."))
    return None


@require_POST
def wishes(request, pk):
    composition = _mine(request, pk)
    form = WishForm(request.POST, chosen=_chosen(composition))
    if not form.is_valid():
        return _people(request, composition, wish_form=form, status=422)
    people = form.cleaned_data["people"]
    return _adjusted(request, composition, lambda: composition.wish(people), of_people="wishes")


@require_POST
def end_wish(request, pk):
    wish = get_object_or_404(Wish.objects.visible_to(request.user), pk=pk)
    composition = wish.composition
    return _adjusted(request, composition, lambda: composition.unwish(wish), of_people="wishes")


@require_POST
def apart(request, pk):
    composition = _mine(request, pk)
    form = ApartForm(request.POST, chosen=_chosen(composition))
    if not form.is_valid():
        return _people(request, composition, apart_form=form, status=422)
    pair = form.cleaned_data["people"]
    return _adjusted(request, composition, lambda: composition.keep_apart(*pair), of_people="apart")


@require_POST
def end_apart(request, pk):
    pair = get_object_or_404(KeptApart.objects.visible_to(request.user), pk=pk)
    composition = pair.composition
    return _adjusted(
        request, composition, lambda: composition.let_together(pair), of_people="apart"
    )


# ---- the search


@require_POST
def search(request, pk):
    """Propose groups, or better ones: with `longer` in two minutes' search."""
    composition = _mine(request, pk)
    seconds = LONGER if "longer" in request.POST else 30
    return _adjusted(request, composition, lambda: composition.ask_for_proposal(seconds=seconds))


@require_POST
def end_search(request, pk):
    composition = _mine(request, pk)
    composition.stop()
    composition.refresh_from_db()
    return _board(request, composition) if request.htmx else redirect(composition)


# ---- the board


def seat(request, pk):
    """One person's place: where else they could sit and what that would do."""
    seat = get_object_or_404(
        Seat.objects.visible_to(request.user).select_related("composition", "group", "user__unit"),
        pk=pk,
    )
    composition = seat.composition
    if request.method == "POST":
        group = get_object_or_404(composition.groups, pk=request.POST.get("group") or 0)
        return _adjusted(
            request, composition, lambda: composition.move(seat, group), place=f"#seat-{seat.pk}"
        )
    if composition.is_busy:
        return redirect(composition)
    board = Board(composition)
    context = {"seat": seat, "composition": composition, "moves": board.moves(seat)}
    return render(request, "networks/compose_seat.html", context)


@require_POST
def seat_lock(request, pk):
    seat = get_object_or_404(
        Seat.objects.visible_to(request.user).select_related("composition"), pk=pk
    )
    locked = request.POST.get("locked") == "1"
    place = f"#seat-{seat.pk}"
    return _adjusted(request, seat.composition, lambda: seat.set_lock(locked), place=place)


def proposed_group(request, pk):
    group = get_object_or_404(
        ProposedGroup.objects.visible_to(request.user).select_related("composition"), pk=pk
    )
    if group.composition.is_busy or group.composition.state == Composition.State.STARTED:
        return redirect(group.composition)
    form = ProposedGroupForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        return _adjusted(request, group.composition, lambda: group.describe(form.instance))
    status = 422 if request.method == "POST" else 200
    context = {"group": group, "composition": group.composition, "form": form}
    return render(request, "networks/compose_group.html", context, status=status)


@require_POST
def group_lock(request, pk):
    group = get_object_or_404(
        ProposedGroup.objects.visible_to(request.user).select_related("composition"), pk=pk
    )
    locked = request.POST.get("locked") == "1"
    place = f"#group-{group.pk}"
    return _adjusted(request, group.composition, lambda: group.set_lock(locked), place=place)


@require_POST
def undo(request, pk):
    composition = _mine(request, pk)
    return _adjusted(request, composition, composition.undo_last)


@require_POST
def sharing(request, pk):
    composition = _mine(request, pk)

    def share():
        composition.share()
        messages.success(request, _("Each leader gets one mail and can see their own group."))

    return _adjusted(request, composition, share)


@require_POST
def end_sharing(request, pk):
    composition = _mine(request, pk)
    return _adjusted(request, composition, composition.unshare)


@require_POST
def discard(request, pk):
    composition = _mine(request, pk)
    try:
        composition.discard()
    except Busy:
        return _too_late(request, composition)
    messages.success(request, _("The proposal is gone, and everything that was written for it."))
    return redirect("networks:compositions")


# ---- of several views


def _mine(request, pk) -> Composition:
    return get_object_or_404(Composition.objects.visible_to(request.user), pk=pk)


def _adjusted(request, composition, adjust, place="", of_people: str | bool = False):
    """Do it, and show what became of it; say so where the solver works or all is started."""
    try:
        answer = adjust()
    except Busy:
        return _too_late(request, composition)
    if hasattr(answer, "status_code"):
        return answer
    if of_people:
        url = reverse("networks:composition_people", args=[composition.pk])
        return redirect(url + (f"#{of_people}" if isinstance(of_people, str) else ""))
    if request.htmx:
        composition.refresh_from_db()
        return _board(request, composition)
    return redirect(composition.get_absolute_url() + place)


def _too_late(request, composition):
    composition.refresh_from_db()
    messages.info(
        request,
        _(
            "The groups are being composed just now. "
            "Wait a moment, or be content with the best so far."
        )
        if composition.is_busy
        else _("These groups have been started already."),
    )
    return redirect(composition)


def _people(request, composition, form=None, wish_form=None, apart_form=None, status=200):
    area = _area((request.POST or request.GET).get("area"), composition)
    people = _chosen(composition)
    seated = {one.pk for one in people}
    candidates = _candidates(composition, area)
    shown = list(candidates.select_related("unit__parent")[: AT_ONCE + 1])
    too_many = area is None and len(shown) > AT_ONCE
    shown = [] if too_many else shown
    form = form or PeopleForm(
        initial={"number_of_groups": composition.number_of_groups, "people": seated},
        composition=composition,
        candidates=candidates,
    )
    chosen = seated
    if form.is_bound:
        chosen = {int(one) for one in form.data.getlist("people") if one.isdigit()}
    context = {
        "composition": composition,
        "form": form,
        "areas": _by_area(shown, chosen),
        "too_many": too_many,
        "area": area,
        "all_areas": Unit.objects.filter(organisation=composition.organisation_id, kind="area")
        if too_many or area
        else [],
        "chosen": len(seated),
        "wish_form": wish_form or WishForm(chosen=people),
        "apart_form": apart_form or ApartForm(chosen=people),
        "wishes": _in_words(composition),
        "pairs": composition.kept_apart.select_related("one", "other").order_by("pk"),
    }
    return render(request, PEOPLE, context, status=status)


def _chosen(composition) -> list:
    return [seat.user for seat in composition.seats.in_order()]


def _area(value, composition) -> Unit | None:
    if not (value or "").isdigit():
        return None
    return Unit.objects.filter(organisation=composition.organisation_id, pk=value).first()


def _candidates(composition, area):
    found = composition.candidates()
    return found.of_area(area) if area else found


def _by_area(people, chosen) -> list[dict]:
    """Fieldsets by area, each with who is ticked."""
    areas: dict[str, list] = {}
    for one in people:
        unit = one.unit
        area = unit.parent if unit and unit.kind == "workplace" and unit.parent else unit
        one.is_chosen = one.pk in chosen
        areas.setdefault(area.name if area else _("Without a unit"), []).append(one)
    counts = {name: Counter(one.is_chosen for one in found) for name, found in areas.items()}
    return [
        {"name": name, "people": found, "chosen": counts[name][True]}
        for name, found in sorted(areas.items())
    ]


def _in_words(composition) -> list:
    found = composition.wishes.select_related("by").prefetch_related("people").order_by("pk")
    for wish in found:
        wish.others = sorted(
            (one for one in wish.people.all() if one.pk != wish.by_id), key=lambda u: u.sort_name
        )
    return list(found)
