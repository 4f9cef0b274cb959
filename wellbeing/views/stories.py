"""Stories of three sentences: read by everybody, told and taken back by leaders."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellbeing.models import Story
from wellbeing.peer_forms import StoryForm

PER_PAGE = 20


def stories(request):
    told = Story.objects.visible_to(request.user).in_order()
    context = {
        "page": Paginator(told, PER_PAGE).get_page(request.GET.get("page")),
        "may_tell": Story.may_be_told_by(request.user),
        "just_told": "told" in request.GET,
    }
    return render(request, "wellbeing/stories.html", context)


def tell(request):
    if not Story.may_be_told_by(request.user):
        raise PermissionDenied
    about = {"guidepost": request.GET.get("guidepost")}
    form = StoryForm(request.POST or None, initial=about, organisation=request.user.organisation)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        Story.objects.tell(
            request.user, said["text"], guidepost=said["guidepost"], named=said["named"]
        )
        messages.success(request, _("Told. Thank you. You can take it back whenever you like."))
        return redirect(f"{reverse('wellbeing:stories')}?told=1")
    status = 422 if request.method == "POST" else 200
    return render(request, "wellbeing/story_new.html", {"form": form}, status=status)


@require_POST
def withdraw(request, pk):
    get_object_or_404(Story.objects.told_by(request.user), pk=pk).withdraw()
    messages.success(request, _("Taken back. Its words are deleted."))
    return redirect("wellbeing:stories")
