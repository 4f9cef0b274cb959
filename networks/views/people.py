"""The secretariat's list of leaders: look, correct, invite, say goodbye, take out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.htmx import render_partial
from networks import spreadsheets
from networks.models import Unit, User
from networks.office_forms import PersonForm, SuccessorForm, tree_choices

PER_PAGE = 30
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def tends_people(view):
    """Only the secretariat comes in."""

    def guarded(request, *args, **kwargs):
        if not request.user.is_secretariat:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@tends_people
def people(request):
    """Everybody, found by words, by unit, or by never having been here."""
    here = User.objects.visible_to(request.user)
    wanted = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    unit = _unit_asked_for(request)
    found = here.matching(wanted)
    if unit:
        found = found.in_unit(unit)
    if request.GET.get("never"):
        found = found.never_here()
    found = found.select_related("unit").in_order()
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "unit": unit,
        "never": bool(request.GET.get("never")),
        "units": tree_choices(request.user.organisation_id)[1:],
        "unsucceeded": _without_successor(request.user).exists(),
    }
    context |= here.never_here().aggregate(
        never_here=Count("pk"), uninvited=Count("pk", filter=Q(invited_at=None))
    )
    return render_partial(request, "networks/people.html", "found", context)


def _unit_asked_for(request) -> Unit | None:
    pk = request.GET.get("unit", "")
    here = Unit.objects.filter(organisation=request.user.organisation_id)
    return here.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None


@tends_people
def new(request):
    return _person(request, User())


@tends_people
def person(request, pk):
    here = User.objects.visible_to(request.user).select_related("manager", "unit")
    return _person(request, get_object_or_404(here, pk=pk))


def _person(request, one: User):
    before = User(email=one.email, manager=one.manager) if one.pk else None
    posted = request.POST if request.method == "POST" else None
    form = PersonForm(posted, instance=one, by=request.user)
    if posted is not None and form.is_valid():
        try:
            with transaction.atomic():
                _keep(form, before)
        except ValidationError as error:
            form.add_error("manager", error)
        else:
            messages.success(request, _("Saved."))
            return redirect("networks:person", form.instance.pk)
    context = {"form": form, "person": User.objects.filter(pk=one.pk).first() if one.pk else None}
    return render(request, "networks/person.html", context, status=422 if posted else 200)


def _keep(form: PersonForm, before: User | None) -> None:
    """The address and the manager have rules of their own."""
    one, email, manager = form.instance, form.cleaned_data["email"], form.cleaned_data["manager"]
    one.manager = before.manager if before else None
    if before is None:
        one.set_unusable_password()
    else:
        one.email = before.email
    one.save()
    if email != one.email:
        one.change_email(email)
    one.change_manager(manager)


# ---- inviting


@require_POST
@tends_people
def invite_all(request):
    count = User.objects.visible_to(request.user).filter(invited_at=None).invite()
    messages.success(request, _how_many_invited(request.user, count))
    return redirect("networks:people")


@require_POST
@tends_people
def invite(request, pk):
    one = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    messages.success(request, _how_many_invited(request.user, int(one.invite())))
    return redirect("networks:person", one.pk)


def _how_many_invited(user, count: int) -> str:
    if not count:
        return _("Nobody is waiting for an invitation just now.")
    if not user.organisation.begun_at:
        return _("Noted. The mail goes out when you say “we begin”.")
    return ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count) % {
        "count": count
    }


# ---- leaving


@tends_people
def departure(request, pk):
    """Says what happens, then does it. There is no way back."""
    here = User.objects.visible_to(request.user).exclude(pk=request.user.pk)
    one = get_object_or_404(here, pk=pk)
    form = _successor_form(request, one)
    if request.method == "POST" and form.is_valid():
        name = one.name
        with transaction.atomic():
            one.leave()
            if form.cleaned_data["successor"]:
                one.hand_over(form.cleaned_data["successor"])
        messages.success(request, _("%(name)s has left.") % {"name": name})
        return redirect("networks:people")
    context = {"person": one, "form": form, "stands": one.stands_in()}
    status = 422 if request.method == "POST" else 200
    return render(request, "networks/departure.html", context, status=status)


@tends_people
def successors(request):
    """Where somebody who left still stands, and who takes over."""
    return _successors(request)


@require_POST
@tends_people
def successor(request, pk):
    one = get_object_or_404(_without_successor(request.user), pk=pk)
    form = _successor_form(request, one, required=True)
    if not form.is_valid():
        return _successors(request, {one.pk: form}, status=422)
    one.hand_over(form.cleaned_data["successor"])
    messages.success(request, _("Handed over."))
    return redirect("networks:successors")


def _without_successor(user):
    return User.objects.filter(organisation=user.organisation_id).succeeded_by_nobody()


def _successors(request, refused=None, **kwargs):
    people = _without_successor(request.user).order_by("left_at", "pk")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    stands = User.stands_of(page.object_list)
    rows = [
        (one, stands[one.pk], (refused or {}).get(one.pk) or _successor_form(request, one, True))
        for one in page
    ]
    return render(request, "networks/successors.html", {"rows": rows, "page": page}, **kwargs)


def _successor_form(request, leaver, required=False) -> SuccessorForm:
    return SuccessorForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        leaver=leaver,
        required=required,
        auto_id=f"id_{leaver.pk}_%s",
    )


# ---- taking the list along


@tends_people
def as_csv(request):
    return _download(spreadsheets.as_csv(_table(request.user)), "text/csv; charset=utf-8", "csv")


@tends_people
def as_workbook(request):
    rows = _table(request.user)
    return _download(spreadsheets.as_workbook(rows, str(_("Leaders"))), WORKBOOK, "xlsx")


def _table(user) -> list[list[str]]:
    """In headings that our own import knows."""
    head = [_("Name"), _("E-mail"), _("Title"), _("Phone"), _("Unit"), _("Parent unit")]
    people = User.objects.visible_to(user).select_related("unit__parent", "manager").in_order()
    rows = [[*head, _("Nearest manager")]]
    for one in people:
        unit = one.unit
        above = unit.parent.name if unit and unit.parent else ""
        manager = one.manager.email if one.manager and not one.manager.left_at else ""
        place = [unit.name if unit else "", above]
        rows.append([one.name, one.email, one.title, one.phone, *place, manager])
    return rows


def _download(data: bytes, content_type: str, ending: str) -> HttpResponse:
    name = _("leaders")
    disposition = f'attachment; filename="{name}.{ending}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)
