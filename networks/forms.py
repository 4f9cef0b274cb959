from datetime import timedelta

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models import ClosingPeriod, Group, Membership, User
from notifications.models import Preference
from notifications.models.preference import FIRST_HOUR, LAST_HOUR

AHEAD, LONGEST_CLOSED = timedelta(days=3 * 366), timedelta(days=62)


class CodeForm(RequestLoginCodeForm):
    """Asks for a code. An address whose owner left is as unknown as any other."""

    def clean_email(self):
        email = super().clean_email()
        if self._user and self._user.left_at:
            self._user = None
        return email


class BeginForm(forms.Form):
    """One sentence of the senior manager's own, for the first invitation."""

    words = forms.CharField(max_length=300, required=False)


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "phone"]


def _hours() -> list[tuple]:
    return [
        (hour, _("%(hour)s o’clock") % {"hour": hour}) for hour in range(FIRST_HOUR, LAST_HOUR + 1)
    ]


class MailsForm(forms.Form):
    """How one wants the mails one can do without."""

    when = forms.ChoiceField(
        label=_(
            "What you would like to talk about, what you agreed, and notes that are soon deleted"
        ),
        choices=Preference.When,
        widget=forms.RadioSelect,
    )
    hour = forms.TypedChoiceField(
        label=_("If once a day, at"), choices=_hours, coerce=int, required=False, empty_value=None
    )

    @classmethod
    def of(cls, person) -> "MailsForm":
        preference = Preference.objects.of(person)
        return cls(initial={"when": preference.when, "hour": preference.hour})


class AddressForm(forms.ModelForm):
    """An address to correct, among several on one page."""

    class Meta:
        model = User
        fields = ["email"]
        error_messages = {"email": {"unique": _("Somebody has this e-mail address already.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_{self.instance.pk}_%s"
        self.fields["email"].label = _("%(name)s’s address") % {"name": self.instance}


class PersonField(forms.CharField):
    """Somebody of the organisation, by e-mail or by name; what is suggested holds both."""

    def __init__(self, **kwargs):
        super().__init__(max_length=200, **kwargs)
        self.people = User.objects.none()
        self.widget.template_name = "networks/person_field.html"

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        if address := next((word for word in typed.split() if "@" in word), ""):
            found = list(self.people.filter(email=address.strip("<>(),;").lower()))
        else:
            found = list(self.people.filter(name__iexact=typed)[:2])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            _("There are several of that name. Write the e-mail address, please.")
            if found
            else _("Nobody here goes by that. Write the name in full, or the e-mail address.")
        )


def people_of(organisation):
    here = User.objects.active().filter(organisation=organisation)
    return here.filter(is_secretariat=False)


class WordsForm(forms.ModelForm):
    """What a group is for comes first."""

    class Meta:
        model = Group
        fields = ["purpose", "name", "join_policy", "size"]
        labels = {"purpose": _("What is the group for?"), "name": _("What is it called?")}
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "join_policy": forms.RadioSelect,
        }
        help_texts = {
            "purpose": _("Seen by every leader here who looks for a group."),
            "size": _("Four to eight. Six is right most days."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = self.fields["purpose"].who_sees = True

    def clean_size(self):
        size = self.cleaned_data["size"]
        if self.instance.pk and size < self.instance.memberships.kept().count():
            raise forms.ValidationError(_("There are more of you in it already."))
        return size

    def clean(self):
        # The organisation isn't on the form, so Django wouldn't look whether the name is taken.
        cleaned = super().clean()
        same = Group.objects.filter(
            organisation=self.instance.organisation, name__iexact=cleaned.get("name", "")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a group of that name already."))
        return cleaned


class FoundForm(WordsForm):
    facilitator = PersonField(label=_("Who is the facilitator?"), required=False)
    deputy = PersonField(label=_("And the deputy, if there is one"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("facilitator", "deputy"):
            self.fields[name].people = people_of(self.instance.organisation)

    def clean(self):
        cleaned = super().clean()
        deputy = cleaned.get("deputy")
        if deputy and deputy == cleaned.get("facilitator"):
            self.add_error("deputy", _("The deputy is somebody else."))
        return cleaned


class AppointForm(forms.Form):
    """Somebody to put in while the group forms; in a running one a role for who is in it."""

    person = PersonField(label=_("Who?"))
    role = forms.ChoiceField(label=_("As"), choices=Membership.Role, initial="member")

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        people = people_of(group.organisation)
        if group.status != Group.Status.FORMING:
            people = people.filter(pk__in=group.member_keys())
            self.fields["person"].help_text = _(
                "The group runs: new members come in when all say yes. Here you give a role to "
                "somebody who is in it."
            )
        self.fields["person"].people = people


class AgreementForm(forms.Form):
    """The five lines, in both languages."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for language, words in (
            ("da", _("Line %(number)d, Danish")),
            ("en", _("Line %(number)d, English")),
        ):
            for number in range(1, 6):
                self.fields[f"{language}_{number}"] = forms.CharField(
                    label=words % {"number": number},
                    max_length=400,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )

    @classmethod
    def of(cls, agreement, data=None) -> "AgreementForm":
        lines = {"da": agreement.lines_da, "en": agreement.lines_en}
        initial = {
            f"{language}_{number}": line
            for language, five in lines.items()
            for number, line in enumerate(five, 1)
        }
        return cls(data, initial=initial)

    def lines(self, language: str) -> list[str]:
        typed = [self.cleaned_data[f"{language}_{number}"] for number in range(1, 6)]
        return [" ".join(line.split()) for line in typed]


class AffirmForm(forms.Form):
    """Which version was read."""

    version = forms.IntegerField(min_value=1, required=False)


class YesForm(forms.Form):
    """One of two buttons."""

    yes = forms.TypedChoiceField(
        choices=[("1", _("Yes")), ("0", _("No"))],
        coerce=lambda value: value == "1",
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Tap yes or no.")),
    )


class RoleForm(forms.Form):
    """A role, and which member is asked; who says yes to it is oneself."""

    role = forms.ChoiceField(choices=[("facilitator", ""), ("deputy", "")])
    member = forms.ModelChoiceField(Membership.objects.none(), required=False)

    def __init__(self, *args, group=None, but=None, **kwargs):
        super().__init__(*args, **kwargs)
        if group:
            others = group.memberships.standing().exclude(pk=but.pk)
            self.fields["member"].queryset = others.select_related("user")
            self.fields["member"].required = True


class ClosingForm(forms.ModelForm):
    """Days on which nobody meets, from the first to the last."""

    class Meta:
        model = ClosingPeriod
        fields = ["name", "starts_on", "ends_on"]
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("starts_on", "ends_on")
        }

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_ends_on(self):
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if last < today:
            raise forms.ValidationError(_("Those days have passed."))
        if first and first > today + AHEAD:
            raise forms.ValidationError(_("That is more than three years ahead."))
        if first and last - first > LONGEST_CLOSED:
            raise forms.ValidationError(_("That is longer than two months."))
        return last
