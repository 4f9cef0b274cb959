from collections import defaultdict
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Value, prefetch_related_objects
from django.db.models.functions import Lower, Replace
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

import notifications
from networks.command import managers_above, with_all_led_by
from networks.models.organisation import Organisation, Unit
from notifications.models import Delivery

# The order of a Danish reader, which the database doesn't know (it puts å before æ): æ, ø, å
# after z, aa as å, other accents as their letter. The column is compared byte by byte
# (collation C), where { | } follow z.
DANISH_ORDER = Func(
    Replace(Lower("name"), Value("aa"), Value("}")),
    Value("æäøöåÆÄØÖÅáàâéèêëíìîïóòôúùûüýñçÁÀÂÉÈÊËÍÌÎÏÓÒÔÚÙÛÜÝÑÇ"),
    Value("{{||}{{||}aaaeeeeiiiiooouuuyyncaaaeeeeiiiiooouuuyync"),
    function="TRANSLATE",
)
WELCOME = "networks.welcome"
# Each leads to something that still waits for this person. Not the group's "not now": months
# later it would only hurt, and their list of groups says it. Who is asked about somebody is
# reached by `JoinRequest.tend`, which knows who came in meanwhile.
WORTH_SAYING_LATE = [
    WELCOME,
    "networks.let_in",
    "networks.place_offered",
    "networks.role_offered",
    "networks.proposed",
]
A_MOMENT = timedelta(minutes=10)  # within which a second click invites nobody again


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, left_at=None)

    def of_area(self, area):
        """Its own people and those who work somewhere in it."""
        return self.filter(Q(unit=area) | Q(unit__parent=area))

    def visible_to(self, user):
        """Whom the secretariat tends: everybody of the organisation who is there."""
        return self.active().filter(organisation=user.organisation_id if user.is_secretariat else 0)

    def in_order(self):
        return self.order_by("sort_name", "pk")

    def matching(self, words: str):
        """Each of the words somewhere in name, e-mail, title or unit."""
        found = self
        for word in words.split()[:6]:
            said = Q(name__icontains=word) | Q(email__icontains=word) | Q(title__icontains=word)
            found = found.filter(said | Q(unit__name__icontains=word))
        return found

    def in_unit(self, unit: Unit):
        """In it or anywhere below it."""
        return self.filter(unit__in=unit.with_all_below())

    def never_here(self):
        """Who has never signed in."""
        return self.filter(last_login=None)

    def succeeded_by_nobody(self):
        """Who left, and still stands where somebody else should: over a unit, people, a team."""
        heads = Q(heads__isnull=False)
        manages = Q(reports__isnull=False, reports__left_at=None)
        leads = Q(teams__status__in=["forming", "running", "paused"])
        return self.exclude(left_at=None).filter(heads | manages | leads).distinct()

    def invite(self, at=None) -> int:
        """One mail each that says: you can sign in here. Twice in a moment is once."""
        at = at or timezone.now()
        with transaction.atomic():
            lately = Q(invited_at__gt=at - A_MOMENT)
            rows = self.active().never_here().exclude(lately).select_related("organisation")
            people = list(rows.select_for_update(of=("self",)).order_by("pk"))
            User.objects.filter(pk__in=[person.pk for person in people]).update(invited_at=at)
            for organisation in {person.organisation for person in people}:
                version = str(int(at.timestamp()))
                theirs = [p for p in people if p.organisation_id == organisation.pk]
                each = [(person.pk, person.pk, version) for person in theirs]
                hour = organisation.mail_hour(at)
                Delivery.objects.plan_each(WELCOME, User, each, due_at=hour, push=True)
            notifications.ring()
        return len(people)

    def reach_after_rehearsal(self, now) -> None:
        """What waited while the organisation rehearsed is said once it has begun."""
        from networks.models.membership import Membership

        begun = Delivery.objects.filter(recipient__organisation__begun_at__isnull=False)
        silent = Membership.objects.filter(group__kind="team", group__begun_at=None)
        role = Q(kind="networks.role_offered", subject_id__in=silent.values("pk"))
        begun.filter(~role, kind__in=WORTH_SAYING_LATE).after_rehearsal(now)

    def unreached_in(self, organisation: int):
        """People there to whom a mail could not be delivered."""
        failed = Delivery.objects.failed().filter(recipient=OuterRef("pk"))
        return self.active().filter(Exists(failed), organisation=organisation)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **values) -> "User":
        user = self.model(email=email, **values)
        user.set_password(password)  # None: signs in by code only
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **values) -> "User":
        """Runs the installation, belongs to no organisation and sees no content."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **values)


class User(AbstractBaseUser, PermissionsMixin):
    class Language(models.TextChoices):
        DANISH = "da", _("Danish")
        ENGLISH = "en", _("English")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    sort_name = models.GeneratedField(
        expression=DANISH_ORDER,
        output_field=models.CharField(max_length=120, db_collation="C"),
        db_persist=True,
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9 +()-]*$", _("Digits and + only, please."))],
        help_text=_("Shown to your own groups only."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=Language, default=Language.DANISH
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reports"
    )
    is_secretariat = models.BooleanField(_("secretariat"), default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_per_email",
                violation_error_message=_("Somebody has this e-mail address already."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(is_superuser=True),
                name="people_belong_to_an_organisation",
                violation_error_message=_("A person belongs to an organisation."),
            ),
            models.CheckConstraint(condition=~Q(manager=F("id")), name="nobody_manages_themselves"),
        ]
        indexes = [models.Index(fields=["organisation", "sort_name"], name="people_in_order")]

    def __str__(self):
        return self.name or (str(_("former leader")) if self.left_at else self.email)

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0] or self.email

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if words[1:] else words))

    def change_email(self, email: str) -> None:
        """The new address replaces the old, which opens no door any more."""
        self.email = email.strip().lower()
        with transaction.atomic():
            self.save(update_fields=["email"])
            EmailAddress.objects.filter(user=self).exclude(email=self.email).delete()

    def change_manager(self, manager: "User | None") -> None:
        """Raises ValidationError where somebody would end up above themselves."""
        from networks.models.membership import Membership

        with transaction.atomic():
            # the whole line is looked at, so two changes at once must not cross
            Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)
            if manager and (manager.pk == self.pk or self.pk in managers_above(manager)):
                raise ValidationError(
                    _("%(manager)s stands below %(person)s in the line of command.")
                    % {"manager": manager, "person": self}
                    if manager.pk != self.pk
                    else _("Nobody is their own nearest manager.")
                )
            self.manager = manager
            self.save(update_fields=["manager"])
            Membership.objects.filter(user__in=with_all_led_by(self)).keep_the_rule()

    def move_to_unit(self, unit: Unit | None) -> None:
        self.unit = unit
        self.save(update_fields=["unit"])
        self.memberships.keep_the_rule()

    def invite(self, at=None) -> bool:
        """Whether a mail goes out: not to who has been here already, nor twice in a moment."""
        return bool(User.objects.filter(pk=self.pk).invite(at=at))

    def leave(self, at=None) -> None:
        """They leave the organisation: history stands, the person is gone. It can't be undone.

        The line of command goes on through who left, until somebody succeeds them: so nobody ends
        up in a group with their manager's manager in between.
        """
        at = at or timezone.now()
        with transaction.atomic():
            person = User.objects.select_for_update().get(pk=self.pk)
            if person.left_at:
                return
            for membership in person.memberships.kept():
                membership.leave(at=at)
            EmailAddress.objects.filter(user=person).delete()
            person._blank(at)
        self.refresh_from_db()

    def _blank(self, at) -> None:
        tomb = self.address_after(self.email)
        for older in User.objects.filter(email=tomb):  # somebody who came back and left again
            User.objects.filter(pk=older.pk).update(email=tomb.replace("@", f".{older.pk}@"))
        self.email, self.left_at = tomb, at
        self.name = self.title = self.phone = ""
        self.unit = None
        self.is_active = self.is_staff = self.is_secretariat = False
        self.set_unusable_password()  # and no session of theirs is valid any more
        self.save()

    @staticmethod
    def address_after(email: str) -> str:
        """What stands instead of somebody's address when they have left: who has the address can
        tell that it was theirs, nobody can read it out of it.
        """
        digest = salted_hmac("networks.left", email.lower(), algorithm="sha256").hexdigest()
        return f"{digest[:40]}@left.invalid"

    def stands_in(self) -> dict[str, list]:
        """Where somebody else is needed when they leave, in the words of `stands_of`."""
        return User.stands_of([self])[self.pk]

    @staticmethod
    def stands_of(people) -> dict[int, dict[str, list]]:
        """For each of them the units they head, whom they manage, which teams they lead, and the
        groups they are facilitator of.
        """
        people = list(people)
        stands = {one.pk: defaultdict(list) for one in people}
        for unit in Unit.objects.filter(head__in=people).order_by("name", "pk"):
            stands[unit.head_id]["units"].append(unit)
        for report in User.objects.active().filter(manager__in=people).in_order():
            stands[report.manager_id]["people"].append(report)
        prefetch_related_objects(people, "teams", "memberships__group")
        for one in people:
            stands[one.pk]["teams"] = [team for team in one.teams.all() if team.status != "closed"]
            stands[one.pk]["groups"] = [
                membership.group
                for membership in one.memberships.all()
                if not membership.left_at and membership.role == "facilitator"
            ]
        return {pk: dict(found) for pk, found in stands.items()}

    def hand_over(self, successor: "User") -> None:
        """`successor` heads their units, manages their people and leads their teams."""
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)
            if self.pk in managers_above(successor):  # moves up, so that nobody stands in a circle
                successor.manager = self.manager
                successor.save(update_fields=["manager"])
            self.heads.update(head=successor)
            self.reports.exclude(pk=successor.pk).update(manager=successor)
            for team in self.teams.all():
                for membership in team.memberships.standing().filter(user=successor):
                    membership.leave()
                team.senior_manager = successor
                team.save(update_fields=["senior_manager"])
            self.organisation.keep_the_rule()

    # ---- where to and when mail may be sent (asked by notifications.delivery)

    @property
    def mail_to(self) -> str:
        return "" if self.left_at or not self.is_active else self.email

    def may_receive_at(self, now: datetime, *, must_reach: bool) -> datetime | None:
        """The first moment from `now` on; None while the organisation still rehearses."""
        if not self.organisation.begun_at and not self.is_secretariat:
            return None
        return now if must_reach else self.organisation.mail_hour(now)

    def next_at(self, hour: int, now: datetime) -> datetime:
        return self.organisation.next_at(hour, now)
