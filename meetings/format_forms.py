from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Format, Phase

ROOM_FOR_MORE = 2  # empty lines at the end of the list of phases


class ChoiceForm(forms.Form):
    """One of the formats this group may meet by."""

    format = forms.ModelChoiceField(
        Format.objects.none(),
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose one of them.")),
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].queryset = Format.objects.for_meetings_of(group)


class FormatForm(forms.ModelForm):
    class Meta:
        model = Format
        fields = ["name_da", "name_en"]


class PhaseForm(forms.ModelForm):
    class Meta:
        model = Phase
        fields = ["minutes", "title_da", "line_da", "kind", "title_en", "line_en"]
        labels = {"kind": _("what it is")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parts = {"think", "pairs", "together", "gather"}
        kinds = [pair for pair in Phase.Kind.choices if pair[0] not in parts]
        self.fields["kind"].choices = [*kinds, *(p for p in Phase.Kind.choices if p[0] in parts)]

    def clean(self):
        said = super().clean()
        if not said.get("title_da") and not said.get("title_en"):
            self.add_error("title_da", _("What do you do in this phase?"))
        return said


class Phases(forms.BaseModelFormSet):
    ordering_widget = forms.NumberInput(attrs={"min": 1, "max": 99})

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("No.")
        form.fields["DELETE"].label = _("Away with it")

    def clean(self):
        if not any(self.errors) and not self.kept:
            raise forms.ValidationError(_("There is at least one phase."))

    @property
    def kept(self) -> list[Phase]:
        """In the order asked for."""
        return [
            form.instance for form in self.ordered_forms if form.has_changed() or form.instance.pk
        ]


PhaseFormSet = forms.modelformset_factory(
    Phase,
    PhaseForm,
    formset=Phases,
    extra=ROOM_FOR_MORE,
    can_order=True,
    can_delete=True,
    max_num=30,
    validate_max=True,
)
