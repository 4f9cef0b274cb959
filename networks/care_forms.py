"""What is typed about a group that rests, ends, or asks itself how to go on."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models import Ending, Pause, ReviewAnswer
from networks.models.pause import LONGEST


class ChoiceForm(forms.Form):
    choice = forms.ChoiceField(choices=ReviewAnswer.Choice)


class PauseForm(forms.ModelForm):
    """Why, and when they begin again."""

    class Meta:
        model = Pause
        fields = ["reason", "until"]
        labels = {"reason": _("Why does the group rest?"), "until": _("When does it begin again?")}
        help_texts = {
            "reason": _("Seen by the members and the secretariat, and in the mail to the members.")
        }
        widgets = {"until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].who_sees = True

    def clean_until(self):
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until <= today:
            raise forms.ValidationError(_("That day has passed."))
        if until > today + LONGEST:
            raise forms.ValidationError(_("That is more than a year ahead. Close the group well?"))
        return until


class EndingForm(forms.ModelForm):
    """A last line to the members, if one likes."""

    class Meta:
        model = Ending
        fields = ["farewell"]
        labels = {"farewell": _("A line of farewell, if you like")}
        help_texts = {"farewell": _("Seen by the members, on the group’s page.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["farewell"].who_sees = True
