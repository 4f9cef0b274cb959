from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.models import User

TOO_LONG = _("Can you say it in %(limit_value)d characters? You have used %(show_value)d.")


class Line(forms.CharField):
    """One line of words, without blanks at its ends or line breaks within."""

    def __init__(self, *, missing, **kwargs):
        messages = {"required": missing, "max_length": TOO_LONG}
        super().__init__(max_length=300, error_messages=messages, **kwargs)

    def clean(self, value):
        return " ".join(super().clean(value).split())


class RewordForm(forms.Form):
    """What, and who; none is all of us."""

    what = Line(missing=_("Write what you agree on."))
    who = forms.ModelChoiceField(User.objects.none(), required=False)
    seen = forms.CharField(required=False)  # what stood there when one began to change it

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people
        self.fields["who"].error_messages["invalid_choice"] = _("Choose one of you, or all.")


class CommitmentForm(RewordForm):
    """What, who, by when: three small controls on one line."""

    WHEN = (
        ("", _("next meeting")),
        ("7", _("in a week")),
        ("30", _("in a month")),
        ("90", _("in three months")),
    )
    when = forms.ChoiceField(choices=WHEN, required=False)

    def due_on(self, today):
        days = self.cleaned_data["when"]
        return today + timedelta(days=int(days)) if days else None


class LessonForm(forms.Form):
    lesson = Line(missing=_("What did you learn? One line is enough."))
    seen = forms.CharField(required=False)
