from dataclasses import replace

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Deferrable, Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meetings import script
from networks.models import Group, Organisation

SHORT = 60  # minutes of a meeting in which there is time for one question in depth


def in_own_language(danish: str, english: str) -> str:
    """One language is enough: the other falls back on it."""
    own, other = (english, danish) if get_language() == "en" else (danish, english)
    return own or other


class FormatQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(retired_at=None)

    def starters(self):
        return self.filter(organisation=None)

    def open_to(self, group: Group):
        """What this group may meet by: the starters, the organisation's own and the group's own."""
        own = Q(organisation=group.organisation_id) & (Q(group=None) | Q(group=group))
        return self.standing().filter(Q(organisation=None) | own)

    def of_organisation(self, organisation: int):
        """Its own, which every group in it may meet by."""
        return self.standing().filter(organisation=organisation, group=None)

    def own_of(self, user):
        """Those that this person may change: their groups' own, and the secretariat all groups'."""
        own = Q(group__in=Group.objects.open_to(user).values("pk"))
        if user.is_secretariat:
            own |= Q(organisation=user.organisation_id, group=None)
        return self.standing().filter(own)

    def for_meetings_of(self, group: Group):
        """Those a whole meeting of this group can follow."""
        Purpose = Format.Purpose
        purpose = Purpose.LEADER_MEETING if group.is_team else Purpose.NETWORK_MEETING
        return self.open_to(group).filter(purpose=purpose)

    def for_sparring(self, group: Group, people: int | None = None):
        found = self.open_to(group).filter(purpose=Format.Purpose.SPARRING)
        if people is None:
            return found
        few = Q(people_from=None) | Q(people_from__lte=people)
        return found.filter(few, Q(people_to=None) | Q(people_to__gte=people))

    def with_phases(self):
        """With `outline` ready: the phases, each with its parts, without a query more a format."""
        return self.prefetch_related(Prefetch("phases", Phase.outline(), to_attr="outline_ready"))

    def with_length(self):
        """With the minutes of one round, without reading the phases."""
        top = models.Q(phases__within=None)
        return self.annotate(
            whole=models.Sum("phases__minutes", filter=top),
            one_round=models.Sum("phases__minutes", filter=top & Q(phases__each_round=True)),
        )

    def usual_for(self, meeting) -> "Format":
        """What a meeting follows when nobody has chosen: the inquiry for an hour or less of a
        team, the dialogue meeting else; a network group's first meeting is one of its own.
        """
        if meeting.group.is_team:
            slug = "inquiry-meeting" if meeting.minutes <= SHORT else "dialogue-meeting"
        else:
            slug = "first-network-meeting" if meeting.is_first_of_group else "network-meeting"
        return self.get(slug=slug)

    def usual_sparring(self, group: Group) -> "Format | None":
        """What sparring follows when nobody has chosen: the first that is for so many people."""
        people = group.participants().count()
        fitting = self.for_sparring(group, people) if people else self.none()
        return fitting.in_order().first() or self.filter(slug="sparring-round").first()

    def sparring_at(self, meeting) -> "Format | None":
        """What sparring follows there: what its talk was prepared with, else the usual."""
        if meeting.group.is_team:
            return None
        chosen = meeting.sparrings.under_way().select_related("format").first()
        return (chosen and chosen.format) or self.usual_sparring(meeting.group)

    def in_order(self):
        """Starters first, as they were written; then one's own."""
        return self.order_by(models.F("organisation").asc(nulls_first=True), "pk")


class Format(models.Model):
    """A timed script for a meeting or for sparring: what one does when, in phases.

    Starters belong to no organisation and are made after each migration (`meetings.starters`).
    One's own are copies: the organisation's, or a single group's, which then nobody else sees.
    """

    class Purpose(models.TextChoices):
        LEADER_MEETING = "leader", _("leader meeting")
        NETWORK_MEETING = "network", _("network meeting")
        SPARRING = "sparring", _("sparring")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="formats"
    )
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="formats")
    slug = models.SlugField(blank=True, editable=False)  # a starter's fixed name
    purpose = models.CharField(max_length=10, choices=Purpose)
    name_da = models.CharField(_("name"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    about_da = models.CharField(_("what it is for"), max_length=300, blank=True)
    about_en = models.CharField(_("what it is for, in English"), max_length=300, blank=True)
    people_from = models.PositiveSmallIntegerField(null=True, blank=True)
    people_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # How often the phases marked `each_round` are gone through, e.g. once for each of three.
    rounds = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = FormatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug=""), name="one_starter_per_name"
            ),
            models.CheckConstraint(
                condition=Q(organisation=None, group=None) & ~Q(slug="")
                | Q(organisation__isnull=False, slug=""),
                name="a_starter_belongs_to_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(name_da="", name_en=""),
                name="a_format_has_a_name",
                violation_error_message=_("What do you call it?"),
            ),
        ]

    def __str__(self):
        return self.name

    # ---- verbs

    def copy_for(self, owner: Group | Organisation, by) -> "Format":
        """A copy of the owner’s own, to change as one likes. A group’s is seen by nobody else."""
        group = owner if isinstance(owner, Group) else None
        with transaction.atomic():
            copy = Format.objects.create(
                organisation=group.organisation if group else owner,
                group=group,
                purpose=self.purpose,
                name_da=self.name_da,
                name_en=self.name_en,
                about_da=self.about_da,
                about_en=self.about_en,
                people_from=self.people_from,
                people_to=self.people_to,
                rounds=self.rounds,
                copied_from=self,
                made_by=by,
            )
            for phase in self.outline:
                phase.copy_to(copy)
        return copy

    def rewrite(self, phases: "list[Phase]") -> None:
        """As its owners have it now: these phases in this order, and no others. Parts fill their
        phase again.
        """
        with transaction.atomic():
            self.save()
            kept = [phase.pk for phase in phases if phase.pk]
            self.phases.filter(within=None).exclude(pk__in=kept).delete()
            for position, phase in enumerate(phases, 1):
                phase.format, phase.position = self, position
                phase.save()
                phase.fit_parts()
        self.__dict__.pop("outline_ready", None)

    def retire(self, at) -> None:
        """Nobody chooses it any more; meetings that followed it keep it."""
        self.retired_at = self.retired_at or at
        self.save(update_fields=["retired_at"])

    # ---- questions

    @property
    def name(self) -> str:
        return in_own_language(self.name_da, self.name_en)

    @property
    def about(self) -> str:
        return in_own_language(self.about_da, self.about_en)

    def fits(self, people: int | None) -> bool:
        """Made for a group of so many."""
        few, many = self.people_from or 0, self.people_to or 99
        return people is None or few <= people <= many

    @property
    def is_starter(self) -> bool:
        return self.organisation_id is None

    @property
    def outline(self) -> "list[Phase]":
        """The phases in order. See `with_phases`."""
        if not hasattr(self, "outline_ready"):
            self.outline_ready = list(Phase.outline().filter(format=self))
        return self.outline_ready

    @property
    def beats(self) -> list[script.Beat]:
        """The phases as plain data, those of each round as often as there are rounds."""
        each = [phase.as_beat() for phase in self.outline if phase.each_round]
        once = [phase.as_beat() for phase in self.outline if not phase.each_round]
        return each * self.rounds + once if each else once

    @property
    def talk_beats(self) -> list[script.Beat]:
        """As phases of sparring: where one goes round, each round is a talk of its own."""
        each = [phase.as_beat() for phase in self.outline if phase.each_round]
        if not each:
            return [replace(beat, talk=1) for beat in self.beats]
        rounds = range(1, self.rounds + 1)
        talks = [replace(beat, talk=number) for number in rounds for beat in each]
        return talks + self.beats[len(talks) :]

    @property
    def minutes(self) -> int:
        """As long as its phases, those of each round as often as there are rounds."""
        return sum(
            phase.minutes * (self.rounds if phase.each_round else 1) for phase in self.outline
        )


class Phase(models.Model):
    """One thing done for so many minutes. A part (`within` another) is what an item is made of:
    think alone, in pairs, all together, gather.
    """

    class Kind(models.TextChoices):
        PLAIN = "plain", _("something of our own")
        CHECK_IN = "check_in", _("check-in")
        SINCE_LAST = "since_last", _("since last time")
        ITEM = "item", _("a question from the agenda")
        GUIDEPOST = "guidepost", _("a guidepost")
        PARKED = "parked", _("parked operations")
        AGREE = "agree", _("what we agree")
        SPARRING = "sparring", _("sparring")
        CHECK_OUT = "check_out", _("check-out")
        THINK = "think", _("think alone")
        PAIRS = "pairs", _("in pairs")
        TOGETHER = "together", _("all together")
        GATHER = "gather", _("gather")

    format = models.ForeignKey(Format, models.CASCADE, related_name="phases")
    within = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PLAIN)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    each_round = models.BooleanField(default=False)
    title_da = models.CharField(_("title"), max_length=80, blank=True)
    title_en = models.CharField(_("title in English"), max_length=80, blank=True)
    line_da = models.CharField(_("one line of guidance"), max_length=240, blank=True)
    line_en = models.CharField(_("guidance in English"), max_length=240, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["format", "within", "position"],
                name="one_phase_per_position",
                nulls_distinct=False,
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=240),
                name="a_phase_takes_a_minute",
                violation_error_message=_("Between 1 and 240 minutes."),
            ),
            models.CheckConstraint(
                condition=~Q(title_da="", title_en=""),
                name="a_phase_has_a_title",
                violation_error_message=_("What do you do in this phase?"),
            ),
        ]

    def __str__(self):
        return self.title

    @staticmethod
    def outline() -> models.QuerySet:
        """Phases in order, each with its parts."""
        parts = Prefetch("parts", Phase.objects.order_by("position"))
        top = Phase.objects.filter(within=None).order_by("position")
        return top.prefetch_related(parts)

    @property
    def title(self) -> str:
        return in_own_language(self.title_da, self.title_en)

    @property
    def line(self) -> str:
        return in_own_language(self.line_da, self.line_en)

    def fit_parts(self) -> None:
        """Parts take as long as the whole, each its share; without a minute for each there are
        none.
        """
        parts = list(self.parts.order_by("position"))
        if len(parts) > self.minutes:
            self.parts.all().delete()
            return
        shares = script.share(self.minutes * script.UNIT, [part.minutes for part in parts])
        for part, units in zip(parts, shares, strict=True):
            part.minutes = units // script.UNIT
        Phase.objects.bulk_update(parts, ["minutes"])

    def as_beat(self) -> script.Beat:
        return script.Beat(
            kind=self.kind,
            minutes=self.minutes,
            title=(self.title_da, self.title_en),
            line=(self.line_da, self.line_en),
            parts=tuple(part.as_beat() for part in self.parts.all()) if not self.within_id else (),
        )

    def copy_to(self, format: Format, within: "Phase | None" = None) -> None:
        """The same phase, with its parts, in another format."""
        copy = Phase.objects.create(
            format=format,
            within=within,
            position=self.position,
            kind=self.kind,
            minutes=self.minutes,
            each_round=self.each_round,
            title_da=self.title_da,
            title_en=self.title_en,
            line_da=self.line_da,
            line_en=self.line_en,
        )
        if within is None:
            for part in self.parts.all():
                part.copy_to(format, within=copy)
