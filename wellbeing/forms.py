from datetime import timedelta
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Unit
from networks.office_forms import tree_choices
from wellbeing.models import Guidepost, Step, Theme, ThemeDay
from wellbeing.models.tool import check_pdf

READ_BY_ALL = gettext_lazy("Everybody in the organisation can read it.")


class WordingForm(forms.Form):
    """A guidepost, as leaders would say it. Its theme places it among the six."""

    wording = forms.CharField(
        label=gettext_lazy("Wording"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
        help_text=READ_BY_ALL,
    )
    how_we_see_it = forms.CharField(
        label=gettext_lazy("How we see it"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text=gettext_lazy("What happens among us when we live up to it? May be left empty."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=Theme)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wording"].who_sees = True

    def clean_wording(self):
        return " ".join(self.cleaned_data["wording"].split())

    def clean_how_we_see_it(self):
        return " ".join(self.cleaned_data["how_we_see_it"].split())


class GuidepostForm(WordingForm):
    """Whose it is, too: a unit's or the organisation's."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Whose guidepost is it?"), required=False
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        offer_units(self.fields["unit"], by)


class RetirementForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why now?"),
        max_length=300,
        help_text=READ_BY_ALL,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        error_messages={"required": gettext_lazy("Say in a few words why, to those who used it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].who_sees = True


def offer_units(field, by) -> None:
    """The organisation as a whole, and each unit where it lies in the tree."""
    field.queryset = Unit.objects.filter(organisation=by.organisation_id)
    whole = _("All of %(organisation)s") % {"organisation": by.organisation}
    field.choices = [("", whole), *tree_choices(by.organisation_id)[1:]]


def said_of(guidepost: Guidepost) -> dict[str, str]:
    """What the form says when it is reworded."""
    return {
        "wording": guidepost.wording,
        "how_we_see_it": guidepost.how_we_see_it,
        "theme": guidepost.theme,
    }


class ThemeDayForm(forms.ModelForm):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Who comes?"), required=False
    )
    on_paper = forms.BooleanField(
        label=gettext_lazy("It was held on paper: go straight to the guideposts"), required=False
    )

    class Meta:
        model = ThemeDay
        fields = ["name", "unit", "question", "starts_on", "ends_on", "dots", "on_paper"]
        widgets = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels = {
            "name": gettext_lazy("What is the day called?"),
            "question": gettext_lazy("What do we write about?"),
            "starts_on": gettext_lazy("First day"),
            "ends_on": gettext_lazy("Last day"),
            "dots": gettext_lazy("Dots each, when you choose"),
        }
        help_texts = {
            "question": gettext_lazy("The question on the wall. May be left empty."),
            "ends_on": gettext_lazy("May be left empty when it is one day."),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["ends_on"].required = False
        offer_units(self.fields["unit"], by)

    def clean(self):
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and not last:
            said["ends_on"] = first
        elif first and not first <= last <= first + timedelta(days=13):
            self.add_error("ends_on", _("The last day is the first, or at most two weeks later."))
        return said


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your note"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200}),
        error_messages={"required": gettext_lazy("Write a few words first.")},
    )
    named = forms.TypedChoiceField(
        label=gettext_lazy("Your name on it?"),
        choices=[
            ("", gettext_lazy("No name: it isn’t saved whose note it is")),
            ("1", gettext_lazy("With my name")),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class MoveForm(forms.Form):
    """Notes, and the headline they are put under: one that is there, or a new one, or none."""

    notes = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    headline = forms.CharField(max_length=120, required=False)
    cluster = forms.IntegerField(required=False, max_value=2**62)
    loose = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, max_length=20)  # where the note lay when it was taken

    def __init__(self, data):
        super().__init__(data)
        self.fields["notes"].valid_value = lambda value: True  # only those of the day are moved

    def clean_headline(self):
        return " ".join(self.cleaned_data["headline"].split())


class HeadlineForm(forms.Form):
    headline = forms.CharField(label=gettext_lazy("Headline"), max_length=120)

    def clean_headline(self):
        return " ".join(self.cleaned_data["headline"].split())


class DayWordingForm(WordingForm):
    """A guidepost worded at a theme day, perhaps instead of one that stands."""

    replaces = forms.ModelChoiceField(
        Guidepost.objects.none(),
        label=gettext_lazy("Does it say one of those we have better?"),
        required=False,
        empty_label=gettext_lazy("No, it is new"),
    )

    def __init__(self, *args, day, **kwargs):
        super().__init__(*args, **kwargs)
        owned = Guidepost.objects.owned_by(day.organisation_id, day.unit_id)
        self.fields["replaces"].queryset = owned.standing().order_by("pk")


class QuestionForm(forms.Form):
    """A question of the organisation's own for the bank: one field, the rest is right most days."""

    text = forms.CharField(
        label=gettext_lazy("The question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
        help_text=gettext_lazy("All leaders of the organisation can read it and take it along."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), choices=Theme)
    step = forms.ChoiceField(
        label=gettext_lazy("Whom does it concern?"), choices=Step, initial=Step.PEERS
    )
    networks_only = forms.BooleanField(
        label=gettext_lazy("Only for network groups, where no manager is in the room"),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].who_sees = True

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class ToolForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is it called?"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What is it good for, in your own words?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
        help_text=READ_BY_ALL,
    )
    link = forms.URLField(
        label=gettext_lazy("Link"), max_length=500, required=False, assume_scheme="https"
    )
    file = forms.FileField(
        label=gettext_lazy("Or a PDF"),
        required=False,
        help_text=gettext_lazy("At most 20 MB. Only your organisation can fetch it."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Which themes does it fit?"),
        choices=Theme,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one theme.")},
    )
    step = forms.ChoiceField(label=gettext_lazy("Whom does it concern?"), choices=Step)

    def __init__(self, *args, too_big: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.too_big = too_big
        self.fields["about"].who_sees = True

    def clean_file(self):
        file = self.cleaned_data["file"]
        if self.too_big:
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Make it smaller, or link to it.")
            )
        if file:
            check_pdf(file)
        return file

    def clean(self):
        said = super().clean()
        if not self.errors and not said.get("link") and not said.get("file"):
            self.add_error("link", _("Say where to find it: a link or a PDF."))
        return said
