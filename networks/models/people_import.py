"""Leaders coming in from a table: staged, compared, shown, confirmed, and only then written."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from networks import comparing, reasons
from networks.comparing import Comparison, Found, Known, Place
from networks.imports import Line
from networks.models.organisation import Organisation, Unit
from networks.models.user import User

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # what a file said of people, read or not
BATCH = 1000


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organisation=user.organisation_id if user.is_secretariat else None)

    def at_work(self):
        """Something is to be done by a worker."""
        return self.filter(state__in=[Import.State.WAITING, Import.State.CONFIRMED])

    def waiting_for_a_yes(self):
        return self.filter(state=Import.State.READY)

    def go_on(self) -> None:
        """Do what is to be done, each by itself: idempotent, and safe for two workers at once."""
        for one in self.at_work().order_by("pk"):
            try:
                one.compare() if one.state == Import.State.WAITING else one.write()
            except Exception:
                logger.exception("could not go on with import %s", one.pk)
                self.filter(pk=one.pk, state=one.state).update(state=Import.State.FAILED)

    def forget_old(self, now) -> None:
        """What was read is deleted after a week; that something came in, and how many, stays."""
        old = self.filter(created_at__lt=now - KEPT)
        old.filter(state=Import.State.READY).update(state=Import.State.DROPPED)
        ImportLine.objects.filter(of__in=old).delete()


class Import(models.Model):
    """One table of leaders on its way in. Nothing is written before somebody said yes to it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being compared")
        READY = "ready", _("waits for your yes")
        CONFIRMED = "confirmed", _("being written")
        DONE = "done", _("written")
        DROPPED = "dropped", _("dropped")
        FAILED = "failed", _("went wrong")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    source = models.CharField(max_length=120, blank=True)  # the name of the file
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    ignored = models.JSONField(default=list)  # headings of columns that are left out
    new_units = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)  # lines
    written = models.JSONField(default=dict)  # how many were new, changed, or left alone
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    def __str__(self):
        return f"{self.organisation_id}: {self.source or 'pasted'}, {self.state}"

    def get_absolute_url(self):
        return reverse("networks:import", args=[self.pk])

    # ---- verbs

    @classmethod
    def stage(cls, lines: list[Line], *, by, ignored=(), source="", at=None) -> "Import":
        """Keep what was read; a worker compares it. One that waits for a yes gives way."""
        with transaction.atomic():
            for older in cls.objects.visible_to(by).waiting_for_a_yes():
                older.drop()
            staged = cls.objects.create(
                organisation=by.organisation,
                by=by,
                source=source[:120],
                ignored=list(ignored),
                total=len(lines),
                created_at=at or timezone.now(),
            )
            ImportLine.objects.bulk_create(
                [ImportLine(of=staged, number=line.number, given=line.as_dict()) for line in lines],
                batch_size=BATCH,
            )
            cls._ring()
        return staged

    def compare(self) -> None:
        """What each line would change. Writes nothing but the answer."""
        comparison = comparison_of(self.organisation_id, self._lines())
        found = comparison.compare(self._lines(), self._advance)
        missing = comparison.missing(found)
        with transaction.atomic():
            held = Import.objects.select_for_update().filter(pk=self.pk, state=self.State.WAITING)
            if not held.exists():  # another worker was faster, or it was dropped
                return
            self.lines.all().delete()
            ImportLine.objects.bulk_create(
                [ImportLine.of_found(self, one) for one in found]
                + [ImportLine.of_missing(self, person) for person in missing],
                batch_size=BATCH,
            )
            held.update(
                state=self.State.READY,
                progress=self.total,
                new_units=[str(place) for place in comparison.new_places],
            )

    def confirm(self) -> None:
        """Yes. Confirming twice is confirming once."""
        with transaction.atomic():
            ready = Import.objects.filter(pk=self.pk, state=self.State.READY)
            if ready.update(state=self.State.CONFIRMED, progress=0):
                self._ring()

    def drop(self) -> None:
        """Never mind: what was read is deleted at once."""
        droppable = [self.State.WAITING, self.State.READY, self.State.FAILED]
        with transaction.atomic():
            if Import.objects.filter(pk=self.pk, state__in=droppable).update(
                state=self.State.DROPPED
            ):
                self.lines.all().delete()

    def write(self, at=None) -> None:
        """Everything that was shown, in one transaction. Where something has changed since it was
        shown, that line is left alone.
        """
        at = at or timezone.now()
        with transaction.atomic():
            # so that two imports, or one and a correction by hand, never cross
            Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)
            held = Import.objects.select_for_update().filter(pk=self.pk, state=self.State.CONFIRMED)
            if not held.exists():
                return
            lines = self._lines()
            comparison = comparison_of(self.organisation_id, lines)
            found = comparison.compare(lines)
            shown = {line.number: line.says() for line in self.lines.given()}
            to_write = [one for one in found if one.verdict in (comparing.NEW, comparing.CHANGED)]
            still = [one for one in to_write if shown[one.line.number] == one.says()]
            count = Writing(self.organisation_id, comparison, still, at).do()
            left_alone = len(to_write) - len(still)
            held.update(
                state=self.State.DONE,
                progress=self.total,
                done_at=at,
                written=count | {"left_alone": left_alone},
            )

    def _lines(self) -> list[Line]:
        kept = self.lines.given().order_by("number").values_list("given", flat=True)
        return [Line.from_dict(one) for one in kept]

    def _advance(self, done: int) -> None:
        Import.objects.filter(pk=self.pk).update(progress=done)

    @staticmethod
    def _ring() -> None:
        from networks import tasks

        notifications.ring(tasks.heavy_imports)

    # ---- questions

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.WAITING, self.State.CONFIRMED)

    def counts(self) -> dict[str, int]:
        """How many lines came to what; lines with a remark are counted in `remarks` as well."""
        remarks = models.Q(verdict__in=[comparing.NEW, comparing.CHANGED, comparing.SAME])
        remarks &= ~models.Q(reasons=[])
        asked = {
            verdict: models.Count("pk", filter=models.Q(verdict=verdict))
            for verdict in (*ImportLine.VERDICTS, ImportLine.MISSING)
        }
        return self.lines.aggregate(**asked, remarks=models.Count("pk", filter=remarks))


class ImportLineQuerySet(models.QuerySet):
    def given(self):
        """Those that stood in the table."""
        return self.exclude(verdict=ImportLine.MISSING)

    def showing(self, what: str):
        """What somebody looks at: one verdict, or all that needs a look."""
        if what == comparing.UNCLEAR:
            wanted = models.Q(verdict=comparing.UNCLEAR) | ~models.Q(reasons=[])
        else:
            wanted = models.Q(verdict=what)
        return self.filter(wanted).order_by("number", "pk").select_related("person")


class ImportLine(models.Model):
    """What one line says and comes to; or somebody who is here and in no line."""

    VERDICTS = (comparing.UNCLEAR, comparing.NEW, comparing.CHANGED, comparing.SAME)
    MISSING = "missing"

    of = models.ForeignKey(Import, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(null=True)
    given = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, blank=True)
    changes = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="one_row_per_line_of_an_import"),
        ]
        indexes = [models.Index(fields=["of", "verdict", "number"], name="import_by_verdict")]

    def __str__(self):
        return f"{self.number}: {self.verdict}"

    @classmethod
    def of_found(cls, one_import: Import, found: Found) -> "ImportLine":
        return cls(
            of=one_import,
            number=found.line.number,
            given=found.line.as_dict(),
            verdict=found.verdict,
            changes=found.changes,
            reasons=found.reasons,
            person_id=found.person,
        )

    @classmethod
    def of_missing(cls, one_import: Import, person: Known) -> "ImportLine":
        return cls(of=one_import, verdict=cls.MISSING, person_id=person.pk)

    def says(self) -> tuple:
        return self.verdict, self.person_id, self.changes

    @property
    def why(self) -> list[str]:
        return [reasons.in_words(*reason) for reason in self.reasons]

    @property
    def differences(self) -> list[tuple]:
        """(what, before, after) of everything that would change."""
        return [
            (words, *self.changes[name])
            for name, words in reasons.LABELS.items()
            if name in self.changes and (name != "name" or self.person_id)
        ]


def comparison_of(organisation: int, lines: list[Line]) -> Comparison:
    """The organisation as it is now, to be compared with `lines`."""
    everybody = User.objects.filter(organisation=organisation)
    people = [
        Known(*values, active=active and not left_at)
        for *values, active, left_at in everybody.order_by("pk").values_list(
            "pk", "name", "email", "title", "phone", "unit", "manager", "is_active", "left_at"
        )
    ]
    addresses = {line.email for line in lines}
    strangers = User.objects.exclude(organisation=organisation).filter(email__in=addresses)
    tombs = {User.address_after(address): address for address in addresses}
    gone = everybody.filter(email__in=tombs).values_list("email", flat=True)
    return Comparison(
        people,
        _places(organisation),
        elsewhere=strangers.values_list("email", flat=True),
        left=[tombs[email] for email in gone],
    )


def _places(organisation: int) -> list[Place]:
    rows = Unit.objects.filter(organisation=organisation).order_by("pk")
    rows = list(rows.values_list("pk", "name", "parent", "head", "kind"))
    places = {pk: Place(name, None, pk, head, kind) for pk, name, _parent, head, kind in rows}
    for pk, _name, parent, _head, _kind in rows:
        places[pk].parent = places.get(parent)
    return list(places.values())


class Writing:
    """Writes what lines came to, in few statements. Call it inside a transaction."""

    def __init__(self, organisation: int, comparison: Comparison, found: list[Found], at):
        self.organisation, self.comparison, self.found, self.at = (
            organisation,
            comparison,
            found,
            at,
        )

    def do(self) -> dict[str, int]:
        self._found_units()
        self.keys = {one.person: one.person for one in self.found if one.person}
        new = [one for one in self.found if one.verdict == comparing.NEW]
        changed = [one for one in self.found if one.verdict == comparing.CHANGED]
        self._hire(new)
        self._change(changed)
        Organisation.objects.get(pk=self.organisation).keep_the_rule()
        return {"new": len(new), "changed": len(changed)}

    def _found_units(self) -> None:
        """Those that somebody who comes in belongs to, above before below."""
        wanted = {id(step) for one in self.found if one.unit for step in one.unit.way}
        for place in self.comparison.new_places:
            if id(place) in wanted:
                place.pk = Unit.objects.create(
                    organisation_id=self.organisation,
                    parent_id=place.parent.pk if place.parent else None,
                    name=place.name,
                    kind=place.level,
                ).pk

    def _hire(self, new: list[Found]) -> None:
        people = User.objects.bulk_create(
            [
                User(
                    email=one.line.email,
                    organisation_id=self.organisation,
                    date_joined=self.at,
                    password=make_password(None),  # signs in by code only
                    **self._values(one),
                )
                for one in new
            ],
            batch_size=BATCH,
        )
        for person in people:
            self.keys[person.email] = person.pk
        led = [
            User(pk=person.pk, manager_id=self._manager(one))
            for person, one in zip(people, new, strict=True)
            if one.manager
        ]
        User.objects.bulk_update(led, ["manager"], batch_size=BATCH)

    def _change(self, changed: list[Found]) -> None:
        people = User.objects.in_bulk([one.person for one in changed])
        for one in changed:
            person = people[one.person]
            for name, value in self._values(one).items():
                setattr(person, name, value)
            if "manager" in one.changes:
                person.manager_id = self._manager(one) or person.manager_id
        User.objects.bulk_update(
            people.values(), ["name", "title", "phone", "unit", "manager"], batch_size=BATCH
        )

    def _values(self, one: Found) -> dict:
        values = {
            name: one.changes[name][1] for name in ("name", "title", "phone") if name in one.changes
        }
        if "unit" in one.changes:
            values["unit_id"] = one.unit.pk
        return values

    def _manager(self, one: Found) -> int | None:
        """Their key; None where somebody new was left alone."""
        return one.manager if isinstance(one.manager, int) else self.keys.get(one.manager)
