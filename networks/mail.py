"""The words of each mail about network groups: renders, decides nothing.

Who asks, and what members say, is read on the group's page only.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from networks.models import JoinRequest, Membership
from notifications.kinds import Message


def asked(delivery, request: JoinRequest) -> Message:
    return _message("asked", delivery, request.group, "#asking", until=request.until)


def let_in(delivery, request: JoinRequest) -> Message:
    return _message("let_in", delivery, request.group)


def place_offered(delivery, request: JoinRequest) -> Message:
    return _message("place_offered", delivery, request.group, "#door", until=request.until)


def not_now(delivery, request: JoinRequest) -> Message:
    return _message("not_now", delivery, request.group, url=settings.SITE_URL + "/networks/")


def role_offered(delivery, membership: Membership) -> Message:
    return _message(
        "role_offered", delivery, membership.group, "#rope", role=membership.offered_role
    )


def _message(name: str, delivery, group, place: str = "", url: str = "", **context) -> Message:
    context |= {
        "to": delivery.recipient,
        "group": group,
        "organisation": group.organisation,
        "url": url or f"{settings.SITE_URL}{group.get_absolute_url()}{place}",
    }
    with timezone.override(group.organisation.zone):
        subject, text, html = (
            render_to_string(f"emails/networks/{name}.{part}", context)
            for part in ("subject.txt", "txt", "html")
        )
    return Message(subject=subject.strip(), text=text.strip() + "\n", html=html)
