from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import kinds
from notifications import unsubscribe as links
from notifications.models import Preference

PAGE = "notifications/unsubscribe.html"


@csrf_exempt  # mail programs post here by themselves (RFC 8058): the token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """Opening it changes nothing, since mail scanners do that. A mail program's one click, and
    the page's own button, turn the mails off; `when` is the way back. Signs nobody in.
    """
    try:
        key, message_class = links.read(token)
    except signing.SignatureExpired:
        return render(request, PAGE, {"worn_out": True}, status=410)
    except signing.BadSignature:
        return render(request, PAGE, {"worn_out": True}, status=404)
    person = get_user_model().objects.filter(pk=key).first()
    if person is None or not person.mail_to or message_class != kinds.CHOSEN:
        return render(request, PAGE, {"worn_out": True}, status=404)
    was = Preference.objects.of(person)
    if request.method == "POST":
        wanted = request.POST.get("when")
        back = wanted in (Preference.When.AT_ONCE, Preference.When.DIGEST)
        Preference.objects.choose(person, wanted if back else Preference.When.OFF)
    context = {
        "preference": Preference.objects.of(person),
        "before": Preference.When.AT_ONCE if was.is_off else was.when,
        "done": request.method == "POST",
    }
    with translation.override(person.language):
        return render(request, PAGE, context)
