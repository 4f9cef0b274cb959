"""Stories of three sentences: read by everybody, told and taken back by leaders."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.models import Story
from wellbeing.peer_forms import StoryForm, TakeDownForm

PER_PAGE = 20


def stories(request):
    return _page(request)


def _page(request, form: TakeDownForm | None = None, refused: Story | None = None):
    told = Story.objects.visible_to(request.user).in_order()
    context = {
        "taken_down": Story.objects.told_by(request.user).taken_down().in_order(),
        "form": form or TakeDownForm(),
        "refused": refused,
        "page": Paginator(told, PER_PAGE).get_page(request.GET.get("page")),
        "may_tell": Story.may_be_told_by(request.user),
        "just_told": "told" in request.GET,
    }
    status = 422 if refused else 200
    return render(request, "wellbeing/stories.html", context, status=status)


def tell(request):
    if not Story.may_be_told_by(request.user):
        raise PermissionDenied
    about = {"guidepost": request.GET.get("guidepost")}
    form = StoryForm(request.POST or None, initial=about, organisation=request.user.organisation)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        beside = {"guidepost": said["guidepost"], "named": said["named"]}
        try:
            Story.objects.tell(request.user, said["text"], **beside)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            messages.success(request, _("Told. Thank you. You can take it back whenever you like."))
            return redirect(f"{reverse('wellbeing:stories')}?told=1")
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/story_new.html", {"form": form}, status=status)


@require_POST
def withdraw(request, pk):
    get_object_or_404(Story.objects.told_by(request.user), pk=pk).withdraw()
    messages.success(request, _("Taken back. Its words are deleted."))
    return redirect("wellbeing:stories")


@require_POST
def take_down(request, pk):
    """By the secretariat, who doesn't learn whose it was."""
    story = get_object_or_404(Story.objects.visible_to(request.user), pk=pk)
    if not request.user.is_secretariat:
        raise PermissionDenied
    form = TakeDownForm(request.POST)
    if not form.is_valid():
        return _page(request, form, refused=story)
    story.take_down(form.cleaned_data["why"])
    messages.success(request, _("Taken down. Whoever told it reads why, here and in no mail."))
    return redirect("wellbeing:stories")
