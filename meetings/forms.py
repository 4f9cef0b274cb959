from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import AgendaItem, Case, Part, Series, Sparring
from meetings.models.series import LONGEST
from networks.models import User
from wellbeing.models import Guidepost

HOW = pgettext_lazy("beginning of a question", "How")


class QuestionForm(forms.Form):
    """The one field."""

    question = forms.CharField(
        max_length=AgendaItem._meta.get_field("question").max_length,
        error_messages={
            "required": _("Write what you would like to talk about."),
            "max_length": _(
                "Can you say it in %(limit_value)d characters? You have used %(show_value)d."
            ),
        },
    )

    # Neither has to be there: a question is all that is asked for.
    minutes = forms.IntegerField(min_value=5, max_value=120, required=False)
    seen = forms.CharField(required=False)  # what stood there when one began to change it

    @classmethod
    def about_how(cls) -> "QuestionForm":
        """Begun already: operations have been parked, and the question about how may be left."""
        return cls(initial={"question": f"{HOW} "})

    def clean_question(self):
        question = " ".join(self.cleaned_data["question"].split())
        if question.rstrip(" ….?") == HOW:
            raise forms.ValidationError(_("How … what? Write the rest of the question."))
        return question


class StandingForm(QuestionForm):
    """What the season begins each agenda with: a line and its minutes, ten unless one says."""

    def clean_minutes(self):
        return self.cleaned_data["minutes"] or 10


class OrderForm(forms.Form):
    """One question of a set agenda to another place, and the order one looked at."""

    item = forms.IntegerField()
    place = forms.IntegerField()
    seen = forms.RegexField(r"^\d+(,\d+)*$")

    def clean_seen(self):
        return [int(key) for key in self.cleaned_data["seen"].split(",")]


class AnswerForm(forms.Form):
    """One of two buttons, and the time that stood beside them."""

    coming = forms.TypedChoiceField(
        choices=[("1", _("I’m coming")), ("0", _("I’m not coming"))],
        coerce=lambda value: value == "1",
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Are you coming? Tap one of the two.")
        ),
    )
    to = forms.DateTimeField(required=False)


class SeriesForm(forms.ModelForm):
    """First date, time, place or link; everything else has a default."""

    class Meta:
        model = Series
        fields = [
            "starts_on",
            "time",
            "place",
            "link",
            "ends_on",
            "interval_days",
            "minutes",
            "has_agenda",
            "rests",
            "in_calendar_already",
        ]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = False
        self.fields["ends_on"].help_text = _("Left empty: until the end of the half-year.")
        self.fields["link"].assume_scheme = "https"

    @property
    def rest(self):
        above = {"starts_on", "time", "place", "link"}
        return [field for field in self if field.name not in above]

    @property
    def rest_has_errors(self):
        return any(field.errors for field in self.rest)

    @property
    def dates(self):
        """The dates as far as they are chosen; where one meets may come later."""
        return [] if self.date_errors or not self.instance.starts_on else self.instance.dates()

    @property
    def date_errors(self):
        return [
            error
            for name, errors in self.errors.items()
            if name not in ("place", "link", "minutes")
            for error in errors
        ]


class FromHereOnForm(SeriesForm):
    """The same season otherwise, from one of its meetings on."""

    class Meta(SeriesForm.Meta):
        fields = [
            "starts_on",
            "time",
            "interval_days",
            "place",
            "link",
            "ends_on",
            "minutes",
        ]

    @property
    def rest(self):
        return [self["ends_on"], self["minutes"]]


class PlaceForm(forms.Form):
    """Where the whole season meets."""

    place = Series._meta.get_field("place").formfield()
    link = Series._meta.get_field("link").formfield(assume_scheme="https")

    def clean(self):
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error("place", _("Where do you meet? Write a place or a link."))


class MoveForm(forms.Form):
    day = forms.DateField(
        label=_("New date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(
        label=_("Another place, only this time"), max_length=200, required=False
    )

    def __init__(self, *args, meeting, **kwargs):
        local = timezone.localtime(meeting.starts_at, meeting.group.organisation.zone)
        initial = {"day": local.date(), "time": local.time(), "place": meeting.place}
        super().__init__(*args, initial=initial, **kwargs)
        self.meeting = meeting

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("That day has passed."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("That is more than a year ahead."))
        return day

    @property
    def why_not_then(self) -> str:
        """What speaks against that day, unless somebody has said "anyway" to just that day."""
        day = self.cleaned_data["day"]
        if self.data.get("anyway") == day.isoformat():
            return ""
        return self.meeting.group.organisation.away_because(day)

    @property
    def starts_at(self):
        organisation = self.meeting.group.organisation
        return organisation.at(self.cleaned_data["day"], self.cleaned_data["time"])


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? One line, if you like"),
        max_length=200,
        required=False,
        help_text=_("Stands in the mail to the participants."),
    )


class PhoneForm(forms.ModelForm):
    """The number to call, asked of who hasn't one."""

    class Meta:
        model = User
        fields = ["phone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = True
        self.fields["phone"].error_messages["required"] = _("Which number should they call?")


class CaseForm(forms.ModelForm):
    """The one field; the button says what one wants, the rest is folded away."""

    class Meta:
        model = Case
        fields = ["question", "wants", "not_wanted"]
        error_messages = {
            "question": {"required": _("Write what you would like help with.")},
            "wants": dict.fromkeys(
                ["required", "invalid_choice"], _("What would help you? Tap one of the three.")
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        too_long = _("Can you say it in %(limit_value)d characters? You have used %(show_value)d.")
        for name in ("question", "not_wanted"):
            self.fields[name].error_messages["max_length"] = too_long

    def clean_question(self):
        return " ".join(self.cleaned_data["question"].split())


class NotesForm(forms.Form):
    """The focus person's own words."""

    notes = forms.CharField(
        max_length=10_000,
        required=False,
        strip=False,
        error_messages={
            "max_length": _(
                "Can you say it in %(limit_value)d characters? You have used %(show_value)d."
            )
        },
    )

    @classmethod
    def of(cls, sparring) -> "NotesForm":
        written = getattr(sparring, "notes", None)
        return cls(initial={"notes": written.text if written else ""})


class OutcomeForm(forms.Form):
    """What became of it, in one line."""

    outcome = forms.CharField(
        max_length=Sparring._meta.get_field("outcome").max_length,
        required=False,
        error_messages={
            "max_length": _(
                "Can you say it in %(limit_value)d characters? You have used %(show_value)d."
            )
        },
    )

    def clean_outcome(self):
        return " ".join(self.cleaned_data["outcome"].split())


class PartForm(forms.Form):
    """Yes or not today, to one of the parts of a talk."""

    role = forms.ChoiceField(choices=Part.Role)
    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("pass", _("Not today"))],
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Yes or not today? Tap one of the two.")
        ),
    )
    person = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = group.participants()


class CloseForm(forms.Form):
    """When we ask again, and which guidepost it touched, if any."""

    asks_again = forms.TypedChoiceField(
        label=_("When do we ask again?"),
        choices=Sparring.Again,
        coerce=int,
        initial=Sparring.Again.NEXT,
        widget=forms.RadioSelect,
    )
    guidepost = forms.ModelChoiceField(
        Guidepost.objects.none(),
        label=_("Did it touch a guidepost?"),
        required=False,
        empty_label=_("None of them"),
        help_text=_("Only counted: nobody sees which question it was."),
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        here = Guidepost.objects.filter(organisation=group.organisation_id)
        self.fields["guidepost"].queryset = here.standing()
