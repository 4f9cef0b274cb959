"""What is written about a coach education. At each field stands who will read it."""

from datetime import datetime

from django import forms
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from networks.forms import PersonField, people_of
from networks.models.organisation import BELOW
from wellbeing.models import Cohort, Guidepost
from wellbeing.models.cohort import MOST_SEATS

READ_BY_LEADERS = _("Read by the leaders it is for, and in their calendars.")


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input():
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class StartForm(forms.Form):
    name = forms.CharField(label=_("What is it called?"), max_length=120, help_text=READ_BY_LEADERS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].who_sees = True


class CohortForm(forms.Form):
    name = forms.CharField(
        label=_("What is the cohort called?"),
        max_length=Cohort._meta.get_field("name").max_length,
        help_text=READ_BY_LEADERS,
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=12)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].who_sees = True


class DayForm(forms.Form):
    """One day, from a time to a time."""

    on = forms.DateField(label=_("Which day?"), widget=day_input())
    starts = forms.TimeField(label=_("From"), widget=time_input())
    ends = forms.TimeField(label=_("Until"), widget=time_input())
    place = forms.CharField(
        label=_("Where?"), max_length=200, required=False, help_text=READ_BY_LEADERS
    )
    guidepost = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Which guidepost does the day carry?"),
        empty_label=_("None of these"),
    )

    def __init__(self, *args, decision, day=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.decision = decision
        self.fields["place"].who_sees = True
        self.fields["guidepost"].queryset = self._guideposts(day)

    def _guideposts(self, day):
        """What they steer by there, in one place or all of them; and what the day carries."""
        here = Guidepost.objects.filter(organisation=self.decision.organisation_id)
        near = Q(retired_on=None)
        if self.decision.unit_id:
            near &= Q(unit=None) | Q(unit__in=RawSQL(BELOW, [self.decision.unit_id]))
        carried = Q(pk=day.guidepost_id if day else None)
        return here.filter(near | carried).in_order()

    @classmethod
    def filled_with(cls, day, decision) -> "DayForm":
        zone = decision.organisation.zone
        starts, ends = day.starts_at.astimezone(zone), day.ends_at.astimezone(zone)
        return cls(
            decision=decision,
            day=day,
            initial={
                "on": starts.date(),
                "starts": starts.time(),
                "ends": ends.time(),
                "place": day.place,
                "guidepost": day.guidepost_id,
            },
        )

    @property
    def said(self) -> dict:
        """As the verbs take it."""
        data, organisation = self.cleaned_data, self.decision.organisation
        starts, ends = (self._moment(organisation, data[name]) for name in ("starts", "ends"))
        beside = {name: data[name] for name in ("place", "guidepost")}
        return {"starts_at": starts, "ends_at": ends} | beside

    def _moment(self, organisation, clock) -> datetime:
        return organisation.at(self.cleaned_data["on"], clock)


class LeaderForm(forms.Form):
    person = PersonField(
        label=_("Somebody else it is for"),
        help_text=_("The name in full, or the e-mail address."),
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].people = people_of(organisation)
