from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import DateSearch
from meetings.models.date_search import MOST
from meetings.models.series import LONGEST

FORMAT = "%Y-%m-%dT%H:%M"


class DateSearchForm(forms.ModelForm):
    """Up to eight times; those that are suggested can be changed or emptied."""

    class Meta:
        model = DateSearch
        fields = ["place", "link", "minutes"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["link"].assume_scheme = "https"
        group = self.instance.group
        suggested = DateSearch.suggested(group.organisation, timezone.localdate())
        for number in range(MOST):
            initial = suggested[number] if number < len(suggested) else None
            self.fields[f"time_{number}"] = forms.DateTimeField(
                label=_("Time %(number)d") % {"number": number + 1},
                required=False,
                initial=initial,
                input_formats=[FORMAT],
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT),
            )
        if last := group.series.order_by("-starts_on").first():
            self.initial |= {"place": last.place, "link": last.link, "minutes": last.minutes}

    @property
    def time_fields(self):
        return [self[f"time_{number}"] for number in range(MOST)]

    def clean(self):
        cleaned = super().clean()
        found = []
        for field in self.time_fields:
            moment = cleaned.get(field.name)
            if moment is None:
                continue
            if words := self._why_not(moment):
                self.add_error(field.name, words)
            found.append(moment)
        cleaned["times"] = sorted(set(found))
        if not found and not self.errors:
            self.add_error("time_0", _("Offer at least one time."))
        if not cleaned.get("place") and not cleaned.get("link") and "link" not in self.errors:
            self.add_error("place", _("Where do you meet? Write a place or a link."))
        return cleaned

    def _why_not(self, moment: datetime) -> str:
        if moment <= timezone.now():
            return _("That time has passed.")
        if moment > timezone.now() + LONGEST:
            return _("That is more than a year ahead.")
        organisation = self.instance.group.organisation
        if closed := organisation.closed_because(organisation.local_date(moment)):
            return _("That day is %(name)s.") % {"name": closed}
        return ""
