from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from meetings.models.case import Case
from meetings.models.format import Format
from meetings.models.part import Part
from networks.models import User


class Turns(models.Model):
    """Who does what in a talk, by whose turn it is; anyone passes. Whatever has turns knows its
    `group`, `meeting`, `case` and `format`, and how to be changed (`_changing`).
    """

    class Meta:
        abstract = True

    # ---- verbs: who does what

    def offer_what_is_free(self) -> None:
        """Offer each part that nobody has, to whom it's the turn of. Nobody is ever put down."""
        with self._changing():
            held = set(self.parts.standing().values_list("role", flat=True))
            for role in self.roles:
                if role not in held:
                    self._offer(role)

    def _offer(self, role: str) -> None:
        if role == Part.Role.FOCUS:
            self._offer_focus()
        elif person := self.whose_turn(role).first():
            self.parts.create(role=role, person=person)

    def _offer_focus(self) -> None:
        passed = self.parts.passed().filter(role=Part.Role.FOCUS).values("person")
        cases = self.group.cases.waiting().filter(hidden_at=None).exclude(by__in=passed)
        self.case = cases.by_turn().first()
        self.focus_person = self.case.by if self.case else None
        self.save(update_fields=["case", "focus_person"])
        if self.case:
            self.parts.filter(person=self.focus_person, state=Part.State.OFFERED).delete()
            self.parts.create(role=Part.Role.FOCUS, person=self.focus_person)

    def whose_turn(self, role: str) -> models.QuerySet[User]:
        """Who could, whoever did it longest ago first. Who said that they don't come isn't asked,
        who has another part or passed this one neither.
        """
        past = Part.objects.filter(
            role=role, person=OuterRef("pk"), sparring__group=self.group, state=Part.State.TAKEN
        ).filter(sparring__state=self.State.CLOSED)
        last = past.order_by().values("person").values(last=Max("sparring__closed_at"))
        members = self.group.memberships.standing().exclude(affirmed_at=None)
        busy = self.parts.filter(Q(role=role) | ~Q(state=Part.State.PASSED)).values("person")
        people = (
            User.objects.active()
            .filter(pk__in=members.values("user"))
            .exclude(pk__in=busy)
            .annotate(last=Subquery(last))
            .order_by(F("last").asc(nulls_first=True), "sort_name", "pk")
        )
        return people.exclude(pk__in=self.meeting.answers.staying_away().values("user"))

    def take(self, role: str, person, at=None) -> None:
        """Say yes to a part, offered or free. Whoever is asked for it gives way to who says yes."""
        with self._changing():
            if role == Part.Role.FOCUS and self.focus_person_id != person.pk:
                raise ValidationError(_("It is somebody else’s question now."))
            others = self.parts.filter(role=role).standing().exclude(person=person)
            if other := others.filter(state=Part.State.TAKEN).select_related("person").first():
                words = _("%(name)s has said yes already.")
                raise ValidationError(words % {"name": other.person})
            others.delete()
            self.parts.update_or_create(
                role=role, person=person, defaults={"state": Part.State.TAKEN}
            )

    def pass_on(self, role: str, person) -> None:
        """Not today, no reason needed: the next is asked."""
        with self._changing():
            part = self.parts.standing().filter(role=role, person=person).first()
            if part is None or (self.is_running and role == Part.Role.FOCUS):
                return
            part.state = Part.State.PASSED
            part.save(update_fields=["state"])
            self.offer_what_is_free()

    def take_up(self, case: Case) -> None:
        """The group wants another of the questions that wait: whose it is is asked."""
        with self._changing():
            if self.state != self.State.PREPARING or case.pk == self.case_id:
                return
            offered = Q(person=case.by_id, state=Part.State.OFFERED)
            self.parts.filter(Q(role=Part.Role.FOCUS) | offered).delete()
            self.case, self.focus_person = case, case.by
            self.save(update_fields=["case", "focus_person"])
            self.parts.create(role=Part.Role.FOCUS, person=case.by)
            self.offer_what_is_free()

    def follow(self, format: Format) -> None:
        """Talk it over in this format: parts it doesn't know fall away, new ones are offered."""
        with self._changing():
            if self.state != self.State.PREPARING:
                return
            self.format = format
            self.save(update_fields=["format"])
            self.parts.standing().exclude(role__in=self.roles).delete()
            self.offer_what_is_free()

    @property
    def roles(self) -> list[str]:
        """What the format asks for. Of three people one is both host and timekeeper."""
        Role = Part.Role
        asked = [Role.FOCUS, Role.HOST]
        kind = self.format and (self.format.slug or getattr(self.format.copied_from, "slug", ""))
        if kind == "three-chairs":
            return asked
        return [*asked, Role.TIMEKEEPER, *([Role.INTERVIEWER] if kind == "listening-team" else [])]
