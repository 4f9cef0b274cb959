from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    """The six dialogue themes (domain.md section 1.5)."""

    INFLUENCE = "influence", _("Influence")
    SAFETY = "safety", _("Safety and trust")
    REFLECTION = "reflection", _("Room to think")
    SUPPORT = "support", _("Support")
    CROSS_PRESSURE = "cross_pressure", _("Cross-pressure and clarity")
    GROWTH = "growth", _("Growth and courage")


class Step(models.TextChoices):
    """Whom it concerns: the five steps of the wellbeing pyramid (domain.md section 1.1)."""

    SELF = "self", _("oneself")
    MANAGER = "manager", _("one’s own manager")
    PEERS = "peers", _("the fellow leaders")
    NETWORK = "network", _("the network")
    ORGANISATION = "organisation", _("the organisation")
