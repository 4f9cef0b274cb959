from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from networks.models import User
from notifications.models import Preference
from notifications.models.preference import FIRST_HOUR, LAST_HOUR


class CodeForm(RequestLoginCodeForm):
    """Asks for a code. An address whose owner left is as unknown as any other."""

    def clean_email(self):
        email = super().clean_email()
        if self._user and self._user.left_at:
            self._user = None
        return email


class BeginForm(forms.Form):
    """One sentence of the senior manager's own, for the first invitation."""

    words = forms.CharField(max_length=300, required=False)


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "phone"]


def _hours() -> list[tuple]:
    return [
        (hour, _("%(hour)s o’clock") % {"hour": hour}) for hour in range(FIRST_HOUR, LAST_HOUR + 1)
    ]


class MailsForm(forms.Form):
    """How one wants the mails one can do without."""

    when = forms.ChoiceField(
        label=_("The mail that asks what you would like to talk about"),
        choices=Preference.When,
        widget=forms.RadioSelect,
    )
    hour = forms.TypedChoiceField(
        label=_("If once a day, at"), choices=_hours, coerce=int, required=False, empty_value=None
    )

    @classmethod
    def of(cls, person) -> "MailsForm":
        preference = Preference.objects.of(person)
        return cls(initial={"when": preference.when, "hour": preference.hour})


class AddressForm(forms.ModelForm):
    """An address to correct, among several on one page."""

    class Meta:
        model = User
        fields = ["email"]
        error_messages = {"email": {"unique": _("Somebody has this e-mail address already.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.instance.pk}_%s"
        self.fields["email"].label = _("%(name)s’s address") % {"name": self.instance}
