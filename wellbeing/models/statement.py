import uuid

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class StatementQuerySet(models.QuerySet):
    def say(self, theme, text: str, key=None) -> "Statement":
        """Whoever may speak says it; the same key twice is one."""
        with transaction.atomic():
            theme.apv._lock()
            if theme.apv.phase == theme.apv.Phase.FRAME:
                raise ValidationError(_("First the frame, then what there is to say."))
            statement, _new = self.get_or_create(
                pk=key or uuid.uuid4(), defaults={"theme": theme, "text": text}
            )
            if statement.theme_id != theme.pk:
                raise ValidationError(_("That statement belongs to another theme."))
        return statement


class Statement(models.Model):
    """What somebody said about a theme: nobody's, so no author, no time and a random key.

    It is there until it is assessed; then only the finding is left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    theme = models.ForeignKey("wellbeing.ApvTheme", models.PROTECT, related_name="statements")
    finding = models.ForeignKey(
        "wellbeing.Finding", models.PROTECT, null=True, blank=True, related_name="statements"
    )
    text = models.CharField(gettext_lazy("statement"), max_length=300)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text

    def take_out(self) -> None:
        with transaction.atomic():
            self.theme.apv._lock()
            self.delete()
