"""A week to offer dates in, and the first date of each group."""

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import Series
from meetings.models.series import LONGEST


def _date():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OfferForm(forms.Form):
    week = forms.DateField(label=_("Begin in the week of"), required=False, widget=_date())
    place = forms.CharField(label=_("Place for all"), max_length=200, required=False)

    def clean_week(self):
        day, today = self.cleaned_data["week"], timezone.localdate()
        if day and not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, at most a year ahead."))
        return day


class FirstDateForm(forms.Form):
    day = forms.DateField(label=_("First date"), widget=_date())
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(
        label=_("Place or video link"),
        max_length=Series._meta.get_field("place").max_length,
        error_messages={"required": _("Where do you meet? Write a place or a link.")},
    )

    def __init__(self, *args, proposed, organisation, busy=0, **kwargs):
        super().__init__(*args, prefix=f"group-{proposed.pk}", **kwargs)
        self.proposed, self.organisation, self.busy = proposed, organisation, busy

    @classmethod
    def offering(cls, offered, place: str, organisation) -> "FirstDateForm":
        initial = {"day": offered.day, "time": offered.clock, "place": place}
        return cls(
            proposed=offered.proposed,
            organisation=organisation,
            busy=offered.busy,
            initial=initial,
        )

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("Choose a day from tomorrow on."))
        if day > today + LONGEST:
            raise forms.ValidationError(_("That is more than a year ahead."))
        if closed := self.organisation.closed_because(day):
            raise forms.ValidationError(
                _("Nobody meets that day: %(why)s."), params={"why": closed}
            )
        return day

    def clean_place(self):
        place = self.cleaned_data["place"]
        if place.startswith(("http://", "https://")):
            URLValidator()(place)
        return place

    @property
    def season(self) -> dict:
        """Values of `Series`."""
        place = self.cleaned_data["place"]
        where = "link" if place.startswith(("http://", "https://")) else "place"
        return {
            "starts_on": self.cleaned_data["day"],
            "time": self.cleaned_data["time"],
            where: place,
        }
