"""The bank of dialogue questions, by theme; the organisation's own stand among the others."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.forms import QuestionForm
from wellbeing.models import DialogueQuestion, Theme


def questions(request):
    """GET: to browse. POST: one more of our own."""
    form = QuestionForm(request.POST or None, initial={"theme": request.GET.get("theme")})
    if request.method == "POST" and form.is_valid() and request.user.organisation_id:
        DialogueQuestion.objects.put_in(request.user, **form.cleaned_data)
        messages.success(request, _("It lies in the bank, for everybody here."))
        return redirect("wellbeing:questions")
    context = shelf(request) | {"form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/questions.html", context, status=status)


def shelf(request) -> dict:
    theme = request.GET.get("theme", "")
    found = DialogueQuestion.objects.visible_to(request.user).order_by("theme", "pk")
    if theme in Theme:
        found = found.filter(theme=theme)
    lying = list(found)
    for one in lying:
        own = one.organisation_id and (request.user.is_secretariat or one.by_id == request.user.pk)
        one.may_be_put_away = bool(own)
    by_theme = {label: [q for q in lying if q.theme == value] for value, label in Theme.choices}
    return {
        "themes": Theme.choices,
        "theme": theme,
        "by_theme": [(label, some) for label, some in by_theme.items() if some],
    }


@require_POST
def retire(request, pk):
    """One of our own is offered no more."""
    visible = get_object_or_404(DialogueQuestion.objects.tended_by(request.user), pk=pk)
    visible.retire()
    messages.success(request, _("It is offered no more. Where it was asked it still stands."))
    return redirect("wellbeing:questions")
