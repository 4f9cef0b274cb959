"""Who is to have a group, what they wish for, and what a group is called."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from networks.models import ProposedGroup, User
from networks.models.composition import MOST_GROUPS


class PeopleForm(forms.Form):
    """Ticks beside names, and a number. Two fields and nothing else."""

    number_of_groups = forms.IntegerField(
        label=_("How many groups?"), min_value=1, max_value=MOST_GROUPS
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        error_messages={"required": _("Choose who is to have a group.")},
    )

    def __init__(self, *args, composition, candidates, kept=0, **kwargs):
        """`kept`: how many are chosen that don't stand on this page."""
        super().__init__(*args, **kwargs)
        self.composition, self.kept = composition, kept
        self.fields["people"].queryset = candidates
        self.fields["people"].required = not kept
        self.fields["number_of_groups"].widget.attrs["inputmode"] = "numeric"

    def clean(self):
        chosen = self.cleaned_data.get("people")
        number = self.cleaned_data.get("number_of_groups")
        if chosen is not None and number:
            try:
                self.composition.refuse_impossible_numbers(len(chosen) + self.kept, number)
            except ValidationError as refused:
                self.add_error("number_of_groups", refused)


class _OfTheChosen(forms.Form):
    """Selects of the people of one composition: a letter typed finds the name."""

    def __init__(self, *args, chosen: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "")] + [(one.pk, one.name) for one in chosen]
        self.people = {one.pk: one for one in chosen}
        for field in self.fields.values():
            field.choices = choices

    def _different(self, people: list[User]) -> None:
        if len(set(people)) < len(people):
            raise ValidationError(_("That is the same person twice."))


def _person(label, required=True):
    words = {"required": _("Choose two people."), "invalid_choice": _("Choose two people.")}
    return forms.TypedChoiceField(
        label=label, required=required, coerce=int, empty_value=None, error_messages=words
    )


class WishForm(_OfTheChosen):
    one = _person(_("Who"))
    other = _person(_("would like to be with"))
    third = _person(_("and"), required=False)
    fourth = _person(_("and"), required=False)

    def clean(self):
        names = ("one", "other", "third", "fourth")
        found = [self.people[key] for name in names if (key := self.cleaned_data.get(name))]
        self._different(found)
        self.cleaned_data["people"] = found


class ApartForm(_OfTheChosen):
    one = _person(_("Keep"))
    other = _person(_("apart from"))

    def clean(self):
        found = [
            self.people[key] for name in ("one", "other") if (key := self.cleaned_data.get(name))
        ]
        self._different(found)
        self.cleaned_data["people"] = found


class ProposedGroupForm(forms.ModelForm):
    class Meta:
        model = ProposedGroup
        fields = ["name", "purpose", "facilitator"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"purpose": _("One sentence, in words that a colleague would say.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        here = User.objects.filter(seats__group=self.instance).order_by("sort_name", "pk")
        self.fields["facilitator"].queryset = here
        self.fields["facilitator"].empty_label = _("nobody yet")

    def clean_name(self):
        """The form skips the constraint, which names a field that isn't on it."""
        name = self.cleaned_data["name"]
        others = ProposedGroup.objects.filter(composition=self.instance.composition)
        if others.exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise ValidationError(_("Two of the groups would have the same name."))
        return name
