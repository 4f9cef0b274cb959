"""The words of each mail about network groups: renders, decides nothing.

Who asks, and what members say, is read on the group's page only.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from networks.models import JoinRequest, Membership, Seat, User
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


def lines(delivery, membership: Membership) -> Message:
    return _message("lines", delivery, membership.group)


def proposed(delivery, seat: Seat) -> Message:
    """Neither the group's name nor whom it's with: that is read on the page."""
    organisation = seat.composition.organisation
    url = settings.SITE_URL + seat.get_absolute_url()
    return _render("proposed", delivery, organisation, url=url)


def _message(name: str, delivery, group, place: str = "", url: str = "", **context) -> Message:
    url = url or f"{settings.SITE_URL}{group.get_absolute_url()}{place}"
    return _render(name, delivery, group.organisation, group=group, url=url, **context)


def _render(name: str, delivery, organisation, **context) -> Message:
    context |= {"to": delivery.recipient, "organisation": organisation}
    with timezone.override(organisation.zone):
        subject, text, html = (
            render_to_string(f"emails/networks/{name}.{part}", context)
            for part in ("subject.txt", "txt", "html")
        )
    return Message(subject=subject.strip(), text=text.strip() + "\n", html=html)


def welcome(delivery, person: User) -> Message:
    organisation = person.organisation
    context = {"to": person, "organisation": organisation, "url": f"{settings.SITE_URL}/"}
    with timezone.override(organisation.zone):
        subject, text, html = (
            render_to_string(f"emails/networks/welcome.{part}", context)
            for part in ("subject.txt", "txt", "html")
        )
    return Message(subject=subject.strip(), text=text.strip() + "\n", html=html)
