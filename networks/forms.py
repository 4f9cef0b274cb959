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


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "phone"]
