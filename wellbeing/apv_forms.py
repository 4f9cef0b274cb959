"""What is written in an APV. At each field stands who will read it."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from networks.forms import PersonField
from networks.models import User
from networks.office_forms import said
from wellbeing.careful_words import warnings
from wellbeing.models import Action, Apv, Assessment, Finding, Guidepost, Seat, Statement
from wellbeing.models.apv_theme import MOST_MONTHS

READ_BY_LEADERS = _(
    "Without your name. The unit’s leaders and the working group with its AMO representative read "
    "it; the senior manager only when you release it. It is deleted once it is assessed."
)
READ_BY_ALL = _(
    "Read by the unit’s leaders, the working group, the senior manager and the secretariat, and "
    "stands in the written APV, which the labour inspectorate and all employees may see."
)


class Careful(forms.Form):
    """Points out a name or a health word once. Whoever means it saves it all the same."""

    careful = ()
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation, self.warned = organisation, []

    def clean(self):
        data = super().clean()
        if not data.get("sure"):
            words = " ".join(data.get(name) or "" for name in self.careful)
            self.warned = warnings(words, self.organisation)
            if self.warned:
                raise forms.ValidationError(self.warned)
        return data


class BeginForm(forms.Form):
    unit = forms.ModelChoiceField(
        queryset=None, label=_("For which unit?"), empty_label=_("Choose a unit")
    )
    purpose = forms.CharField(
        label=_("What do you want with it?"), max_length=500, required=False, help_text=READ_BY_ALL
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Apv.objects.units_to_begin(by)
        self.fields["purpose"].who_sees = True


class SomebodyField(PersonField):
    def open_to(self, user: User) -> None:
        self.people = User.objects.active().filter(organisation=user.organisation_id)
        if not user.is_secretariat:  # whom names are suggested to
            self.widget.template_name = "django/forms/widgets/text.html"


class FrameForm(forms.Form):
    purpose = forms.CharField(
        label=_("What do you want with it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=READ_BY_ALL,
    )
    senior_manager = SomebodyField(
        label=_("Who answers the proposals?"),
        help_text=_("The senior manager says yes to answering every one of them."),
    )

    def __init__(self, *args, by, apv, **kwargs):
        initial = {"purpose": apv.purpose, "senior_manager": said(apv.senior_manager)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["purpose"].who_sees = True
        self.fields["senior_manager"].open_to(by)


class SeatForm(forms.Form):
    person = SomebodyField(label=_("Who?"), help_text=_("The name in full, or the e-mail address."))
    role = forms.ChoiceField(label=_("As what?"), choices=Seat.Role, widget=forms.RadioSelect)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].open_to(by)


class ThemeForm(forms.Form):
    guidepost = forms.ModelChoiceField(
        queryset=None, required=False, label=_("A guidepost"), empty_label=_("None of these")
    )
    words = forms.CharField(
        required=False, max_length=120, label=_("Or in your own words"), help_text=READ_BY_ALL
    )

    def __init__(self, *args, apv, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].who_sees = True
        near = Guidepost.objects.filter(organisation=apv.organisation_id).standing()
        self.fields["guidepost"].queryset = near.exclude(apv_themes__apv=apv).order_by("pk")

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("guidepost") or data.get("words")):
            raise forms.ValidationError(_("Choose a guidepost, or write a theme."))
        return data


class StatementForm(Careful):
    careful = ("text",)
    text = forms.CharField(
        label=_("What is there to say about it?"),
        max_length=Statement._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=READ_BY_LEADERS,
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].who_sees = True


class FindingForm(Careful):
    careful = ("words",)
    statements = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label=_("Which statements is it made from?"),
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("What did you find?"),
        max_length=Finding._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=READ_BY_ALL,
    )
    voices = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=9999,
        label=_("How many of you know it?"),
        help_text=_("May be left empty. Fewer than five are not written down: it could point."),
    )

    def __init__(self, *args, theme, hears, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].who_sees = True
        rows = theme.statements.all()
        self.fields["statements"].queryset = rows
        if not hears:
            del self.fields["statements"]


class AssessmentForm(Careful):
    careful = ("severity", "extent", "cause")
    severity = forms.CharField(label=_("How serious is it?"), max_length=200)
    extent = forms.CharField(label=_("How widespread is it?"), max_length=200)
    cause = forms.CharField(label=_("What is it due to?"), max_length=200, help_text=READ_BY_ALL)

    def __init__(self, *args, finding, **kwargs):
        standing = finding.assessment
        names = ("severity", "extent", "cause")
        initial = {name: getattr(standing, name) for name in names} if standing else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["cause"].who_sees = True

    @property
    def said(self) -> dict[str, str]:
        return {field.name: self.cleaned_data[field.name] for field in Assessment._meta.fields
                if field.name in self.careful}  # fmt: skip


class SolvedForm(Careful):
    careful = ("how",)
    how = forms.CharField(label=_("How was it solved?"), max_length=300, help_text=READ_BY_ALL)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].who_sees = True


class ActionForm(forms.Form):
    what = forms.CharField(label=_("What is to be done?"), max_length=300)
    who = forms.ModelChoiceField(queryset=None, label=_("Who?"), empty_label=_("Choose somebody"))
    by_when = forms.DateField(
        label=_("By when?"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    seen_by = forms.CharField(
        label=_("How do you see that it helps?"), max_length=200, help_text=READ_BY_ALL
    )

    def __init__(self, *args, apv, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_by"].who_sees = True
        people = User.objects.active().filter(organisation=apv.organisation_id)
        near = people.filter(apv_seats__apv=apv) | people.filter(pk=apv.senior_manager_id)
        near |= people.in_unit(apv.unit)
        self.fields["who"].queryset = near.distinct().in_order()


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("What do you say?"), choices=Action.Answer, widget=forms.RadioSelect
    )
    why = forms.CharField(required=False, label=_("Why?"), max_length=300, help_text=READ_BY_ALL)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].who_sees = True

    def clean(self):
        data = super().clean()
        if data.get("answer") in ("no", "not_now") and not data.get("why"):
            self.add_error("why", _("Say why: everybody reads it."))
        return data


class EffectForm(forms.Form):
    helped = forms.TypedChoiceField(
        label=_("Did it help?"),
        choices=[("1", _("yes")), ("0", _("no"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    effect = forms.CharField(
        required=False, label=_("What came of it?"), max_length=300, help_text=READ_BY_ALL
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effect"].who_sees = True


class AbsenceForm(Careful):
    careful = ("words",)
    words = forms.CharField(
        label=_("Could sickness absence among leaders, as a whole, have to do with conditions at "
                "work?"),
        max_length=300,
        help_text=format_lazy("{} {}", _("One line, never about persons."), READ_BY_ALL),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].who_sees = True


class CoveredForm(forms.Form):
    on = forms.DateField(
        label=_("When?"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    where = forms.CharField(label=_("Where?"), max_length=160, help_text=READ_BY_ALL)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["where"].who_sees = True
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(_("That day is still to come."))
        return self.cleaned_data["on"]


class RhythmForm(forms.Form):
    months = forms.IntegerField(
        label=_("Covered again after how many months, at most?"),
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("The law asks for every third year, so 36 is the most. Less is up to you."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, theme, **kwargs):
        super().__init__(*args, initial={"months": theme.every_months}, **kwargs)
