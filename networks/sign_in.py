"""Signing in: by a code in the mail, no self-registration, back to where one was."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone, translation

from config.errors import page_before
from networks.demo import PERSONAS
from networks.models import User

TYPED = "typed"  # session key of what somebody had typed when their session ended
SEEN = "seen"
KEPT = 2000  # characters


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """With the organisation, since every page asks for its name and time zone."""
        people = User.objects.active().select_related("organisation")
        return people.filter(pk=user_id).first()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        """In the language of whoever has that address; to a stranger in that of the page."""
        person = User.objects.filter(email=email.lower()).first()
        language = person.language if person else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)


class LanguageMiddleware:
    """A person's own language and their organisation's time; before sign-in Danish or the cookie.

    The browser's Accept-Language is not asked: municipal machines often speak English to people
    who don't.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(None), translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        person = request.user if getattr(view_func, "login_required", True) else None
        if person and person.is_authenticated:
            language = person.language
            if person.organisation:
                timezone.activate(person.organisation.zone)
        else:
            language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


class SignInMiddleware(LoginRequiredMiddleware):
    """Everybody signs in. Whoever was sending something comes back to it with the text kept."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "login_required", True) and request.user.is_authenticated:
            _stay_signed_in(request.session)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        question = request.POST.get("question", "")[:KEPT]
        if question:
            request.session[TYPED] = {"by": request.POST.get("by", ""), "question": question}
        return redirect_to_login(page_before(request), settings.LOGIN_URL)


def _stay_signed_in(session) -> None:
    """A session ends 60 days after its last use: written once a day, not once a request."""
    today = timezone.now().date().isoformat()
    if session.get(SEEN) != today:
        session[SEEN] = today


def typed_before(request) -> str:
    """What this same person had typed when the session ended, once."""
    typed = request.session.pop(TYPED, None)
    return typed["question"] if typed and typed["by"] == str(request.user.pk) else ""


def personas(request):
    """Context processor: who one may be in the demo."""
    return {"demo": settings.DEMO, "personas": PERSONAS if settings.DEMO else []}
