"""One's own page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.forms import MailsForm, MeForm
from notifications.models import Preference


def me(request):
    if request.method != "POST":
        return _me(request, MeForm(instance=request.user), MailsForm.of(request.user))
    form = MeForm(request.POST, instance=request.user)
    if not form.is_valid():
        return _me(request, form, MailsForm.of(request.user), status=422)
    person = form.save()
    with translation.override(person.language):
        messages.success(request, _("Saved."))
    return redirect("networks:me")


@require_POST
def mails(request):
    form = MailsForm(request.POST)
    if not form.is_valid():
        return _me(request, MeForm(instance=request.user), form, status=422)
    Preference.objects.choose(request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("networks:me")


def _me(request, form, mails_form, **kwargs):
    context = {"form": form, "mails_form": mails_form}
    return render(request, "networks/me.html", context, **kwargs)
