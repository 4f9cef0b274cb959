"""What the secretariat types about people and units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from networks import imports, spreadsheets
from networks.forms import PersonField
from networks.models import Organisation, Unit, User


def said(person: User) -> str:
    """As it stands in a field that asks for somebody."""
    return f"{person.name} <{person.email}>"


def tree_choices(organisation: int, without=()) -> list[tuple]:
    """Every unit in the order of the tree, set in by its depth."""
    rows = [
        (unit.pk, "\u2003" * depth + unit.name)
        for unit, depth in Unit.objects.in_tree(organisation)
        if unit.pk not in without
    ]
    return [("", _("No unit")), *rows]


class PersonForm(forms.ModelForm):
    manager = PersonField(
        required=False,
        label=_("Nearest manager"),
        help_text=_("Write a name, and choose. May be left empty."),
    )

    class Meta:
        model = User
        fields = ["name", "email", "title", "phone", "unit", "manager", "language"]
        labels = {"unit": _("Unit")}
        help_texts = {"phone": _("Shown to their own groups only.")}
        error_messages = {"email": {"unique": _("Somebody has this e-mail address already.")}}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation_id = by.organisation_id
        self.fields["name"].required = True
        self.fields["unit"].queryset = Unit.objects.filter(organisation=by.organisation_id)
        self.fields["unit"].choices = tree_choices(by.organisation_id)
        others = User.objects.visible_to(by).exclude(pk=self.instance.pk)
        self.fields["manager"].people = others
        if self.instance.manager_id:
            self.initial["manager"] = said(self.instance.manager)

    def clean_email(self):
        return self.cleaned_data["email"].strip().lower()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"organisation"}


class SuccessorForm(forms.Form):
    successor = PersonField(label=_("Who takes over?"))

    def __init__(self, *args, by, leaver, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].required = required
        self.fields["successor"].people = User.objects.visible_to(by).exclude(pk=leaver.pk)


class UnitForm(forms.ModelForm):
    head = PersonField(
        required=False,
        label=_("Head"),
        help_text=_("Write a name, and choose. May be left empty."),
    )

    class Meta:
        model = Unit
        fields = ["name", "kind", "parent", "head"]
        labels = {"parent": _("Lies under")}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        here, unit = by.organisation_id, self.instance
        unit.organisation_id = here
        inside = unit.with_all_below() if unit.pk else []
        self.fields["parent"].queryset = Unit.objects.filter(organisation=here).exclude(
            pk__in=inside
        )
        choices = tree_choices(here, without=inside)
        self.fields["parent"].choices = [("", _("Nothing: at the top")), *choices[1:]]
        self.fields["head"].people = User.objects.visible_to(by)
        if unit.head_id:
            self.initial["head"] = said(unit.head)

    def clean(self):
        given = super().clean()
        beside = Unit.objects.filter(
            organisation=self.instance.organisation_id,
            parent=given.get("parent"),
            name__iexact=given.get("name", ""),
        ).exclude(pk=self.instance.pk)
        if given.get("name") and beside.exists():
            self.add_error("name", _("There is a unit of that name in the same place already."))
        return given


class ElsewhereForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["elsewhere"]
        labels = {"elsewhere": _("Where can one go with what can’t be said in a meeting?")}
        help_texts = {"elsewhere": _("All leaders of your organisation see it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["elsewhere"].who_sees = True
        self.fields["elsewhere"].max_length = 1000


class TableForm(forms.Form):
    """A file, or what was copied out of one. Cleaned it is the lines and the headings left out."""

    file = forms.FileField(
        label=_("A file from the personnel system"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    text = forms.CharField(
        label=_("Or paste the lines here, the headings too"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def __init__(self, *args, too_big=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.too_big = too_big

    def clean(self):
        given = super().clean()
        file, text = given.get("file"), given.get("text", "")
        try:
            if self.too_big or (file and file.size > spreadsheets.MOST_BYTES):
                raise spreadsheets.too_big()
            if file:
                rows = spreadsheets.rows_of(file.read(), imports.is_heading)
            elif text.strip():
                rows = spreadsheets.rows_of_text(text, imports.is_heading)
            else:
                raise spreadsheets.Unreadable(_("Choose a file, or paste some lines."))
            given["lines"], given["ignored"] = imports.lines_of(rows)
        except spreadsheets.Unreadable as refused:
            self.add_error("file" if file or self.too_big else "text", str(refused))
        return given
