from allauth.account.forms import RequestLoginCodeForm
from django import forms

from networks.models import User


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
