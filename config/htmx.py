"""What every app shares about htmx: one URL answers both a browser and htmx."""

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRedirect


def render_partial(request, template, partial, context, **kwargs) -> HttpResponse:
    """The page, or for htmx only its region `partial`."""
    name = f"{template}#{partial}" if request.htmx else template
    return render(request, name, context, **kwargs)


class ClientRedirectMiddleware:
    """A redirect means "the browser goes there", with or without htmx."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.htmx and 300 <= response.status_code < 400:
            return HttpResponseClientRedirect(response["Location"])
        return response


class ToastMiddleware:
    """Appends what was said in this request to an htmx answer, out of band."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            request.htmx
            and not response.streaming
            and response.status_code in (200, 422)
            and "HX-Redirect" not in response
            and response.get("Content-Type", "").startswith("text/html")
        ):
            said = list(get_messages(request))
            if said:
                toasts = render_to_string(
                    "components.html#toasts", {"messages": said, "oob": True}, request
                )
                response.content += toasts.encode()
        return response
