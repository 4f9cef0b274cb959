"""What leaders share with one another of their own accord: stories, and being there to talk to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wellbeing.apv_forms import Careful
from wellbeing.models import CoachOffer, Guidepost, Theme
from wellbeing.models.story import LONGEST


class StoryForm(Careful):
    """Three sentences. What they are about, and whose they are, is answered already."""

    careful = ("text",)
    text = forms.CharField(
        label=_("How was it before, what happened, and what do you do differently now?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST, "data-draft": "story"}),
        help_text=_(
            "Everybody in the organisation can read it, until you take it back. May be subject to "
            "access to documents."
        ),
        error_messages={
            "required": _("Write a sentence first."),
            "max_length": _("Three sentences are enough. Can it be said more briefly?"),
        },
    )
    guidepost = forms.ModelChoiceField(
        Guidepost.objects.none(),
        label=_("What was it?"),
        required=False,
        empty_label=_("The coach education"),
    )
    named = forms.TypedChoiceField(
        label=_("Your name under it?"),
        choices=[
            ("", _("No name: it says “a leader”. Only your own words can tell whose it is")),
            ("1", _("With my name")),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("guidepost", "named", "text")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        standing = Guidepost.objects.filter(organisation=self.organisation).standing()
        self.fields["guidepost"].queryset = standing.in_order()
        self.fields["text"].who_sees = True

    def clean_text(self):
        return " ".join(self.cleaned_data["text"].split())


class TakeDownForm(forms.Form):
    why = forms.CharField(
        label=_("Why is it taken down?"),
        max_length=200,
        help_text=_("Read by whoever told it, and by nobody else."),
        error_messages={"required": _("Say why: whoever told it reads it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].who_sees = True


class CoachOfferForm(forms.Form):
    """One line. To be reached by mail, about anything, is right already."""

    line = forms.CharField(
        label=_("One line to whoever thinks of asking you"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 200, "data-draft": "coach-offer"}),
        help_text=_(
            "Leaders who neither lead you nor are led by you see your name, this and how to reach "
            "you. The secretariat sees how many offer it, not who."
        ),
    )
    themes = forms.MultipleChoiceField(
        label=_("What do you like to talk about?"),
        choices=Theme,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none, and it is about anything."),
    )
    reach = forms.ChoiceField(
        label=_("How do they reach you?"), choices=CoachOffer.Reach, widget=forms.RadioSelect
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].who_sees = True
        Reach = CoachOffer.Reach
        ways = {Reach.MAIL: by.email, Reach.PHONE: by.phone, Reach.BOTH: ""}
        if not by.phone:
            ways = {Reach.MAIL: by.email}
            self.fields["reach"].help_text = _(
                "Pejling knows no phone number of yours; the secretariat can add one."
            )
        self.fields["reach"].choices = [
            (way, f"{way.label.capitalize()}: {where}" if where else way.label.capitalize())
            for way, where in ways.items()
        ]

    def clean_line(self):
        return " ".join(self.cleaned_data["line"].split())
