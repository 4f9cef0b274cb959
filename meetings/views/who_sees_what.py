"""Who sees what: one page of plain words for everybody, and for who answers for data protection."""

from django.shortcuts import render

from meetings.who_sees_what import THINGS, WHO


def who_sees_what(request):
    context = {"things": THINGS, "who": WHO.values()}
    return render(request, "meetings/who_sees_what.html", context)
