from django.shortcuts import render

from wellbeing.models import Guidepost


def guideposts(request):
    standing = Guidepost.objects.visible_to(request.user).standing().in_order()
    return render(request, "wellbeing/guideposts.html", {"guideposts": standing})
