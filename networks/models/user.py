from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, left_at=None)

    def of_area(self, area):
        """Its own people and those who work somewhere in it."""
        return self.filter(Q(unit=area) | Q(unit__parent=area))

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
        return self.name or self.email

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
