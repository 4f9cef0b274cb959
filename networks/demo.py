"""The doors that exist only in the demo: be somebody with one tap, read the mails."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from networks.models import User
from notifications import mailbox

SHOWN = 60  # newest mails on the page

PERSONAS = [
    {
        "who": "leader",
        "name": "Karen Holm",
        "email": "karen.holm@havby.example",
        "what": _("A leader. Her next meeting is open for questions."),
    },
    {
        "who": "facilitator",
        "name": "Jonas Lindgaard",
        "email": "jonas.lindgaard@havby.example",
        "what": _("A leader who also tends a network group as its facilitator."),
    },
    {
        "who": "manager",
        "name": "Birgitte Aagaard",
        "email": "birgitte.aagaard@havby.example",
        "what": _(
            "The senior manager of area Nord. She plans the meetings and guards their purpose."
        ),
    },
    {
        "who": "amo",
        "name": "Amir Haddad",
        "email": "amir.haddad@havby.example",
        "what": _(
            "A leader in area Syd who represents the work environment organisation in the APV of "
            "area Nord."
        ),
    },
    {
        "who": "secretariat",
        "name": "Lone Østergaard",
        "email": "lone.oestergaard@havby.example",
        "what": _("The secretariat. Starts the groups and sees no content."),
    },
    {
        "who": "outsider",
        "name": "Peter Vang",
        "email": "peter.vang@skovlund.example",
        "what": _("A leader in another municipality. He sees nothing of this one."),
    },
]


def only_in_demo():
    if not settings.DEMO:
        raise Http404


@login_not_required
@require_POST
def sign_in(request, who):
    only_in_demo()
    email = next((p["email"] for p in PERSONAS if p["who"] == who), None)
    user = get_object_or_404(User.objects.active(), email=email)
    login(request, user, backend="networks.sign_in.Backend")
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()})
    return redirect(following if safe else "/")


@login_not_required
def mail(request):
    only_in_demo()
    return render(request, "demo/mail.html", {"mails": mailbox.newest(SHOWN)})


@login_not_required
def one_mail(request, number):
    only_in_demo()
    kept = mailbox.kept(number)
    if kept is None:
        raise Http404
    return render(request, "demo/one_mail.html", {"mail": kept})


@login_not_required
@xframe_options_sameorigin
@csp_override({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "img-src": ["data:"]})
def mail_html(request, number):
    """The HTML part as a mail program shows it: its own styles, no scripts, nothing fetched."""
    only_in_demo()
    kept = mailbox.kept(number)
    if kept is None:
        raise Http404
    # links of a mail open beside the mail, not inside its frame
    return HttpResponse(kept.html.replace("<head>", '<head><base target="_top">', 1))
