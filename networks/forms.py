from django import forms

from networks.models import User


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "phone"]
