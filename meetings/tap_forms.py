import re

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings import taps
from meetings.models import TapQuestion

# What must never be asked by a tap: who has been wronged is met by a person, not by a figure.
NEVER = re.compile(
    r"krænk|mobn|mobb|chikan|\bvold\b|voldelig|bully|harass|offensive behav|violen", re.IGNORECASE
)


class StepForm(forms.Form):
    """One of five buttons."""

    step = forms.TypedChoiceField(
        choices=[(str(step), step) for step in range(1, taps.STEPS + 1)],
        coerce=int,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Tap one of the five. Nothing was counted.")
        ),
    )


class PromiseForm(forms.Form):
    """One of two buttons."""

    sees = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class TapQuestionForm(forms.Form):
    """One of those there are, or one in the group's own words."""

    question = forms.ModelChoiceField(TapQuestion.objects.none(), required=False)
    wording = forms.CharField(
        label=_("Or a sentence of your own"),
        max_length=TapQuestion._meta.get_field("wording_da").max_length,
        required=False,
        error_messages={
            "max_length": _(
                "Can you say it in %(limit_value)d characters? You have used %(show_value)d."
            )
        },
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.group = group
        self.fields["question"].queryset = TapQuestion.objects.open_to(group)

    def clean_wording(self):
        wording = " ".join(self.cleaned_data["wording"].split())
        if NEVER.search(wording):
            raise forms.ValidationError(
                _("Offensive behaviour is nothing for a tap. Go to somebody who can help.")
            )
        return wording

    def clean(self):
        chosen = self.cleaned_data
        if not self.errors and not chosen["wording"] and not chosen["question"]:
            raise forms.ValidationError(_("Choose one of them, or write your own."))

    @property
    def chosen(self) -> TapQuestion:
        if wording := self.cleaned_data["wording"]:
            return TapQuestion.objects.word(self.group, wording)
        return self.cleaned_data["question"]
