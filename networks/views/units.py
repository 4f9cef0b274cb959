"""The organisation's tree, and what the secretariat sets for the organisation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.models import Unit
from networks.office_forms import ElsewhereForm, UnitForm
from networks.views.people import tends_people


@tends_people
def units(request):
    context = {"tree": Unit.objects.as_tree(request.user.organisation_id)}
    return render(request, "networks/units.html", context)


@tends_people
def new(request):
    return _unit(request, Unit())


@tends_people
def unit(request, pk):
    here = Unit.objects.filter(organisation=request.user.organisation_id).select_related("head")
    return _unit(request, get_object_or_404(here, pk=pk))


def _unit(request, one: Unit):
    posted = request.POST if request.method == "POST" else None
    form = UnitForm(posted, instance=one, by=request.user)
    if posted is not None and form.is_valid():
        try:
            with transaction.atomic():
                one = form.save()
                one.move(form.cleaned_data["parent"])
        except ValidationError as error:
            form.add_error("parent", error)
        else:
            messages.success(request, _("Saved."))
            return redirect("networks:units")
    shown = Unit.objects.filter(pk=one.pk).first() if one.pk else None
    context = {"form": form, "unit": shown}
    return render(request, "networks/unit.html", context, status=422 if posted else 200)


@require_POST
@tends_people
def remove(request, pk):
    one = get_object_or_404(Unit.objects.filter(organisation=request.user.organisation_id), pk=pk)
    try:
        one.remove()
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(one)
    messages.success(request, _("%(unit)s is removed.") % {"unit": one})
    return redirect("networks:units")


@tends_people
def settings(request):
    posted = request.POST if request.method == "POST" else None
    form = ElsewhereForm(posted, instance=request.user.organisation)
    if posted is not None and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("networks:settings")
    status = 422 if posted else 200
    return render(request, "networks/settings.html", {"form": form}, status=status)
