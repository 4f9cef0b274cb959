"""Pages for what went wrong, with what was typed still there."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was too old (or the request not ours): show the text, lead back."""
    typed = []
    if request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none"):
        typed = [(name, text) for name, text in request.POST.items() if _was_written(name, text)]
    context = {"typed": typed, "back": page_before(request)}
    with translation.override(language_of(request)):
        return render(request, "403_csrf.html", context, status=403)


def _was_written(name: str, text: str) -> bool:
    """Words of somebody's own, not a token, a button, a date or a tick."""
    written_by_us = name in ("csrfmiddlewaretoken", "next", "action", "email", "code", "link")
    return not written_by_us and len(text) > 2 and any(letter.isalpha() for letter in text)


def language_of(request: HttpRequest) -> str:
    """The person's own, else what was chosen on the sign-in page, else Danish."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    language = getattr(request.user, "language", cookie)
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def page_before(request: HttpRequest) -> str:
    """Path of the page a form was sent from, "/" when it isn't one of ours."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return "/"
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")
