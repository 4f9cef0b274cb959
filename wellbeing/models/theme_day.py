"""A theme day: leaders write notes from their phones, find what belongs together, choose, and word
the guideposts they will steer by.

The steps lead the room; they lock nothing but the dots. Whoever comes late may still add a note,
and what two do at once is settled by who was last: nothing is lost by it, only moved.
"""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import live
from networks.models import Organisation, Unit, User
from wellbeing.models.board import Cluster, Dot, Note, Wording
from wellbeing.models.guidepost import MOST, Guidepost

KIND = "theme_day"  # what config.live calls the board: it rises with each note
TURN = "theme_turn"  # and what it calls the day's course: it rises with each step
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another
DOTS = 3


class ThemeDayQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own days, and how those of the others ended."""
        here = self.filter(organisation=user.organisation_id)
        return here.filter(Q(finished_at__isnull=False) | Q(pk__in=self.open_to(user).values("pk")))

    def open_to(self, user):
        """Whose day it is: the people of that unit, and of those below it."""
        here = self.model.objects.filter(organisation=user.organisation_id)
        if user.is_secretariat:
            return here
        return here.filter(Q(unit=None) | Q(unit__in=Unit.objects.above(user.unit_id).values("pk")))

    def under_way(self):
        return self.filter(finished_at=None)

    def newest_first(self):
        return self.order_by("-starts_on", "-pk").select_related("unit", "organisation")

    def plan(self, by: User, *, name: str, starts_on: date, **values) -> "ThemeDay":
        """Raises ValidationError where it would end before it begins."""
        day = ThemeDay(
            organisation=by.organisation,
            by=by,
            name=name,
            starts_on=starts_on,
            code=get_random_string(6, LETTERS),
            **{"ends_on": starts_on} | values,
        )
        if day.on_paper:
            day.step = ThemeDay.Step.WORDS
        day.full_clean()
        day.save(force_insert=True)
        return day


class ThemeDay(models.Model):
    class Step(models.TextChoices):
        NOTES = "notes", gettext_lazy("Write")
        CLUSTERS = "clusters", gettext_lazy("Gather")
        DOTS = "dots", gettext_lazy("Choose")
        WORDS = "words", gettext_lazy("Word")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="theme_days")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="theme_days")
    name = models.CharField(gettext_lazy("name"), max_length=120)
    question = models.CharField(gettext_lazy("what we write about"), max_length=200, blank=True)
    starts_on = models.DateField(gettext_lazy("first day"))
    ends_on = models.DateField(gettext_lazy("last day"))
    code = models.CharField(max_length=6, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)
    dots = models.PositiveSmallIntegerField(gettext_lazy("dots each"), default=DOTS)
    dots_counted = models.BooleanField(default=False)  # only their numbers are left
    step = models.CharField(max_length=10, choices=Step, default=Step.NOTES)
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    turn = models.PositiveIntegerField(default=1)

    objects = ThemeDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="a_theme_day_ends_after_it_starts",
                violation_error_message=gettext_lazy("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(dots__gte=1, dots__lte=10),
                name="one_to_ten_dots_each",
                violation_error_message=gettext_lazy("Between one and ten dots each."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("wellbeing:theme_day", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.finished_at is None

    @property
    def owner(self) -> Unit | Organisation:
        return self.unit or self.organisation

    # ---- notes and headlines

    def add_note(self, text: str, by: User | None = None, key=None) -> Note:
        """Named, or nobody's. The same key twice is one note."""
        note = Note(pk=key or Note.new_key(), day=self, text=text, author=by)
        with transaction.atomic():
            Note.objects.bulk_create([note], ignore_conflicts=True)  # one question, no second look
            self.show()
        return note

    def remove_note(self, note: Note) -> None:
        with transaction.atomic():
            if Note.objects.filter(pk=note.pk, day=self).delete()[0]:
                self.show()

    def add_cluster(self, headline: str, notes=()) -> Cluster:
        """The same headline twice is one."""
        with transaction.atomic():
            cluster, _added = self.clusters.get_or_create(headline=headline)
            self.notes.filter(pk__in=notes).update(cluster=cluster)
            self.show()
        return cluster

    def move_notes(self, notes, cluster: Cluster | None) -> int:
        """Put them under that headline, or under none. Whoever moves a note last has it."""
        with transaction.atomic():
            moved = self.notes.filter(pk__in=notes).update(cluster=cluster)
            self.show()
        return moved

    def rename_cluster(self, cluster: Cluster, headline: str) -> None:
        with transaction.atomic():
            if self.clusters.filter(headline=headline).exclude(pk=cluster.pk).exists():
                raise ValidationError(_("That headline is there already."))
            self.clusters.filter(pk=cluster.pk).update(headline=headline)
            self.show()

    def dissolve_cluster(self, cluster: Cluster) -> None:
        """Its notes lie loose again; its dots go back to those who gave them."""
        with transaction.atomic():
            self.lock()
            self.notes.filter(cluster=cluster).update(cluster=None)
            self.wordings.filter(cluster=cluster).update(cluster=None)
            Dot.objects.filter(cluster=cluster).delete()
            self.clusters.filter(pk=cluster.pk).delete()
            self.show()

    # ---- dots

    def give_dot(self, cluster: Cluster, by: User, given: bool = True) -> None:
        """One a headline. Given twice it is given once; it can be taken back."""
        with transaction.atomic():
            self.lock()  # two taps of the same hand
            if self.step != self.Step.DOTS or self.dots_counted:
                raise ValidationError(_("Dots are given while you choose together."))
            mine = Dot.objects.filter(person=by, cluster__day=self)
            if not given:
                mine.filter(cluster=cluster).delete()
            elif not mine.filter(cluster=cluster).exists():
                if mine.count() >= self.dots:
                    raise ValidationError(_("You have given all your dots. Take one back first."))
                Dot.objects.create(cluster=cluster, person=by)
            self.show()

    def _count_dots(self) -> None:
        """Who gave them is forgotten."""
        if self.dots_counted:
            return
        for cluster in self.clusters.annotate(given=models.Count("given_dots")):
            self.clusters.filter(pk=cluster.pk).update(dots=cluster.given)
        Dot.objects.filter(cluster__day=self).delete()
        self.dots_counted = True

    # ---- wording

    def word(self, *, wording: str, theme: str, cluster=None, replaces=None, **said) -> Wording:
        """Raises ValidationError where there would be more than nine guideposts of it."""
        with transaction.atomic():
            self.lock()
            if again := self.wordings.filter(wording__iexact=wording).first():
                return again
            if not replaces and self._would_stand() >= MOST:
                raise ValidationError(
                    _("With these there would be more than nine guideposts. Take one out first.")
                )
            worded = self.wordings.create(
                wording=wording, theme=theme, cluster=cluster, replaces=replaces, **said
            )
            self.show()
        return worded

    def reword(self, worded: Wording, **said) -> None:
        """Raises ValidationError where another says the same."""
        with transaction.atomic():
            self.lock()
            others = self.wordings.exclude(pk=worded.pk)
            beside = Guidepost.objects.owned_by(self.organisation_id, self.unit_id).standing()
            beside = beside.exclude(pk__in=[worded.guidepost_id or 0, worded.replaces_id or 0])
            same = {"wording__iexact": said["wording"]}
            if others.filter(**same).exists() or beside.filter(**same).exists():
                raise ValidationError(_("You steer by that one already."))
            self.wordings.filter(pk=worded.pk).update(**said)
            self.show()

    def drop(self, worded: Wording) -> None:
        """Not that one after all. If it stood, it is retired, and what it replaced stands again."""
        with transaction.atomic():
            self.lock()
            guidepost = worded.guidepost
            worded.delete()
            if guidepost:
                guidepost.retire(_("Taken out again on the same theme day."))
                for earlier in Guidepost.objects.filter(successor=guidepost):
                    earlier.successor = earlier.retired_on = None
                    earlier.save(update_fields=["successor", "retired_on"])
            self.show()

    def _would_stand(self) -> int:
        standing = Guidepost.objects.owned_by(self.organisation_id, self.unit_id).standing()
        return standing.count() + self.wordings.filter(guidepost=None, replaces=None).count()

    # ---- the course of the day

    def go_to(self, step: str) -> None:
        with transaction.atomic():
            self.show(turns=True, step=step)
            self.step = step

    def finish(self, at: datetime | None = None) -> None:
        """The guideposts stand, with the day they came from. Twice is once."""
        at = at or timezone.now()
        with transaction.atomic():
            self.lock()
            if not self.is_open:
                return
            on = min(self.organisation.local_date(at), self.ends_on)
            for worded in self.wordings.select_related("guidepost", "replaces__organisation"):
                worded.stand(self, on)
            self._count_dots()
            self.show(turns=True, finished_at=at, dots_counted=True)
            self.finished_at = at

    def may_reopen(self, at: datetime | None = None) -> bool:
        if self.is_open:
            return False
        local = self.organisation.local_date
        return local(at or timezone.now()) <= max(self.ends_on, local(self.finished_at))

    def reopen(self, at: datetime | None = None) -> None:
        """Within the day. Raises ValidationError later: then the guideposts are reworded."""
        with transaction.atomic():
            self.lock()
            if self.is_open:
                return
            if not self.may_reopen(at):
                raise ValidationError(_("The day is over. Reword the guidepost itself instead."))
            ThemeDay.objects.filter(pk=self.pk).update(finished_at=None)
            self.show(turns=True)
            self.finished_at = None

    # ---- what follows it

    def lock(self) -> None:
        """What was read is read again, and waits for who came first."""
        locked = ThemeDay.objects.select_for_update(no_key=True).get(pk=self.pk)
        self.step, self.finished_at = locked.step, locked.finished_at
        self.dots_counted = locked.dots_counted

    def show(self, turns: bool = False, **values) -> None:
        """Tell the boards. Last in its transaction, so that eighty phones hardly wait for one
        another. Raises ValidationError if the day has been finished meanwhile.
        """
        if turns:
            values["turn"] = F("turn") + 1
        open_one = ThemeDay.objects.filter(pk=self.pk, finished_at=None)
        if not open_one.update(version=F("version") + 1, **values):
            raise ValidationError(_("The theme day is finished."))
        self.refresh_from_db(fields=["version", "turn"])
        live.publish(KIND, self.pk, live.Board(self.version))
        if turns:
            live.publish(TURN, self.pk, live.Board(self.turn))

    @classmethod
    def load_board(cls, key: str) -> live.Board | None:
        return cls._load("version", key)

    @classmethod
    def load_turn(cls, key: str) -> live.Board | None:
        return cls._load("turn", key)

    @classmethod
    def _load(cls, what: str, key: str) -> live.Board | None:
        found = cls.objects.filter(pk=key).values_list(what, flat=True).first()
        return None if found is None else live.Board(found)
