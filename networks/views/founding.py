"""A new group, its words, who is put in it, and the five lines of the organisation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from networks.forms import AgreementForm, AppointForm, FoundForm, WordsForm
from networks.models import Group, JoinRefused, User

MANY = 8  # people suggested at a time


def _office(request):
    if not request.user.is_secretariat:
        raise PermissionDenied


def new(request):
    _office(request)
    group = Group(organisation=request.user.organisation, kind=Group.Kind.NETWORK)
    form = FoundForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            group.establish(chosen["facilitator"], chosen["deputy"])
        except JoinRefused:
            form.add_error("deputy", _("These two can’t be in one group."))
        else:
            messages.success(request, _("The group is there."))
            return redirect(group)
    status = 422 if request.method == "POST" else 200
    return render(request, "networks/new_group.html", {"form": form}, status=status)


def words(request, pk):
    """What it is for and how one comes in: by the secretariat and who tends the group."""
    group = tended(request, pk)
    form = WordsForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        group.reword()
        messages.success(request, _("Saved."))
        return redirect(group)
    status = 422 if request.method == "POST" else 200
    appoints = AppointForm(group=group) if request.user.is_secretariat else None
    context = {"group": Group.objects.get(pk=group.pk), "form": form, "appoint_form": appoints}
    context |= _people_of(group) if appoints else {}
    return render(request, "networks/words.html", context, status=status)


@require_POST
def appoint(request, pk):
    _office(request)
    group = tended(request, pk)
    form = AppointForm(request.POST, group=group)
    if form.is_valid():
        try:
            group.appoint(form.cleaned_data["person"], role=form.cleaned_data["role"])
        except JoinRefused:
            words = _("The group can’t take %(name)s in just now.")
            form.add_error("person", words % {"name": form.cleaned_data["person"]})
        else:
            messages.success(request, _("Saved."))
            return redirect(group)
    context = {"group": group, "form": WordsForm(instance=group), "appoint_form": form}
    context |= _people_of(group)
    return render(request, "networks/words.html", context, status=422)


def _people_of(group) -> dict:
    return {"members": group.memberships.kept().in_order()}


@require_POST
def start(request, pk):
    """From now on all members say yes to whoever comes in."""
    group = tended(request, pk)
    if group.status == Group.Status.FORMING:
        group.start()
        messages.success(request, _("The group runs. From now on you all say yes to who comes in."))
    return redirect(group)


def tended(request, pk) -> Group:
    """A network group that isn't closed: 404 for strangers, 403 for who doesn't tend it."""
    networks = Group.objects.visible_to(request.user).alive().filter(kind=Group.Kind.NETWORK)
    group = get_object_or_404(networks.select_related("organisation"), pk=pk)
    if not group.can_be_scheduled_by(request.user):
        raise PermissionDenied
    return group


def agreement(request):
    """A new version of the five lines, for the whole organisation."""
    _office(request)
    organisation = request.user.organisation
    last = organisation.agreements.order_by("-version").first()
    form = AgreementForm.of(last, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stands = organisation.reword_agreement(form.lines("da"), form.lines("en"))
        if stands != last:
            messages.success(request, _("Saved. All groups are asked to read them."))
        return redirect("networks:agreement")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "agreement": last}
    return render(request, "networks/agreement.html", context, status=status)


@require_safe
def people_like(request):
    """Names for a field that asks for somebody, as it is written in."""
    _office(request)
    typed = next((value.strip() for value in request.GET.values() if value.strip()), "")
    here = User.objects.active().filter(organisation=request.user.organisation_id)
    found = here.filter(name__icontains=typed).order_by("sort_name", "pk") if typed else here.none()
    return render(request, "networks/person_field.html#options", {"people": found[:MANY]})
