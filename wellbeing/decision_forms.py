"""What is presented and what is decided. At each field stands who will read it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Unit, User
from networks.office_forms import said
from wellbeing.apv_forms import Careful, SomebodyField
from wellbeing.forms import READ_BY_ALL, offer_units
from wellbeing.models import Decision, Guidepost
from wellbeing.models.decision import look_again
from wellbeing.models.presentation import units_of_senior_manager

READ_ABOVE = gettext_lazy(
    "Read by all who read the APV, by those who head the units above, and by whoever you hand the "
    "paper to."
)
TWO_ROWS = {"rows": 2}


class DayInput(forms.DateInput):
    def __init__(self):
        super().__init__(format="%Y-%m-%d", attrs={"type": "date"})


class PresentationForm(Careful):
    careful = ("said",)
    to_whom = forms.CharField(label=gettext_lazy("To whom?"), max_length=160)
    presented_on = forms.DateField(label=gettext_lazy("When?"), widget=DayInput)
    said = forms.CharField(
        label=gettext_lazy("What do you want them to hear, in a sentence of your own?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs=TWO_ROWS),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=gettext_lazy("Whose guideposts?")
    )

    def __init__(self, *args, by, apv=None, presentation=None, **kwargs):
        super().__init__(*args, organisation=by.organisation, **kwargs)
        self.fields["said"].help_text = READ_ABOVE if apv else READ_BY_ALL
        self.fields["said"].who_sees = True
        if apv or presentation:
            del self.fields["unit"]
        else:
            offer_places(self.fields["unit"], by)


def offer_places(field, by: User) -> None:
    """Where this person leads leaders; to the secretariat also the organisation as a whole."""
    if by.is_secretariat:
        offer_units(field, by)
        return
    field.queryset = units_of_senior_manager(by)
    field.required, field.empty_label = True, None


class WordsForm(Careful):
    """What was decided, why, and what it stands on."""

    careful = ("what", "why")
    what = forms.CharField(
        label=gettext_lazy("What was decided?"),
        max_length=300,
        widget=forms.Textarea(attrs=TWO_ROWS),
        help_text=READ_BY_ALL,
    )
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=TWO_ROWS),
        help_text=gettext_lazy("Whoever comes later understands it from this. May be left empty."),
    )
    guideposts = forms.ModelMultipleChoiceField(
        Guidepost.objects.none(),
        required=False,
        label=gettext_lazy("Which guideposts does it stand on?"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, guideposts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].who_sees = True
        self.fields["guideposts"].queryset = guideposts

    def clean_what(self):
        return " ".join(self.cleaned_data["what"].split())


class DecisionForm(WordsForm):
    """Beside the words: where it holds, when it was, and when one looks at it again."""

    decided_on = forms.DateField(label=gettext_lazy("When was it decided?"), widget=DayInput)
    follow_up_on = forms.DateField(
        label=gettext_lazy("When do you look at what became of it?"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("It then comes back to whoever decided it, and to the secretariat."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=gettext_lazy("For whom does it hold?")
    )
    decided_by = SomebodyField(
        label=gettext_lazy("Who decided it?"),
        help_text=gettext_lazy("The name in full, or the e-mail address."),
    )

    def __init__(self, *args, by, presentation=None, **kwargs):
        self.by = by
        self.today = by.organisation.local_date(timezone.now())
        guideposts = guideposts_for(by, presentation)
        super().__init__(*args, organisation=by.organisation, guideposts=guideposts, **kwargs)
        self.initial |= {
            "decided_on": self.today,
            "follow_up_on": look_again(by.organisation, self.today),
        }
        offer_places(self.fields["unit"], by)
        self.fields["decided_by"].open_to(by)
        if not by.is_secretariat:
            del self.fields["decided_by"]
        if presentation:
            self._begin_with(presentation)

    def _begin_with(self, presentation) -> None:
        self.initial["guideposts"] = list(presentation.guideposts.values_list("pk", flat=True))
        self.initial["unit"] = presentation.unit_id
        if presentation.apv:
            self.initial["decided_by"] = said(presentation.apv.senior_manager)

    def clean_decided_on(self):
        if self.cleaned_data["decided_on"] > self.today:
            raise ValidationError(_("That day is still to come."))
        return self.cleaned_data["decided_on"]

    def clean(self):
        data = super().clean()
        decided, again = data.get("decided_on"), data.get("follow_up_on")
        if decided and again and again <= decided:
            self.add_error("follow_up_on", _("Choose a day after it was decided."))
        return data


class FollowUpForm(Careful):
    careful = ("words",)
    words = forms.CharField(
        label=gettext_lazy("What became of it?"),
        max_length=Decision._meta.get_field("followed_up").max_length,
        widget=forms.Textarea(attrs=TWO_ROWS),
        help_text=READ_BY_ALL,
    )
    again_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("May be left empty: then that was that."),
    )

    def __init__(self, *args, decision, **kwargs):
        super().__init__(*args, organisation=decision.organisation, **kwargs)
        self.today = decision.organisation.local_date(timezone.now())
        self.fields["words"].who_sees = True

    def clean_again_on(self):
        again = self.cleaned_data["again_on"]
        if again and again <= self.today:
            raise ValidationError(_("Choose a day that is still to come."))
        return again


class WithdrawalForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=Decision._meta.get_field("withdrawn_why").max_length,
        help_text=READ_BY_ALL,
        error_messages={"required": gettext_lazy("Say why: everybody reads it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="withdrawal", **kwargs)
        self.fields["why"].who_sees = True


def guideposts_for(by: User, presentation=None, decision=None):
    """Those presented, or that it stands on already; else what they steer by where one decides."""
    beside = presentation or decision
    here = Guidepost.objects.visible_to(by)
    standing = here.standing()
    if not by.is_secretariat:
        standing = standing.filter(unit=None) | standing.filter(
            unit__in=units_of_senior_manager(by).values("pk")
        )
    if beside:
        of_it = here.filter(pk__in=beside.guideposts.values("pk"))
        owned = standing.filter(unit=beside.unit_id) if beside.unit_id else standing
        standing = of_it | owned
    return standing.order_by("unit__name", "pk")
