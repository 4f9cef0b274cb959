"""The kinds of message that network groups send, and when each is still true."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks import mail
from networks.models import JoinRequest, Membership, Seat, User
from networks.models.user import WELCOME
from notifications import kinds


def register() -> None:
    for name, words, still_true, message, subjects in [
        ("networks.asked", _("somebody would like to come in"), _is_asked, mail.asked, _requests),
        ("networks.let_in", _("a welcome"), _came_in, mail.let_in, _requests),
        ("networks.place_offered", _("a place"), _is_offered, mail.place_offered, _requests),
        ("networks.not_now", _("an answer from a group"), _is_closed, mail.not_now, _requests),
        (
            "networks.role_offered",
            _("a role to say yes to"),
            _role_waits,
            mail.role_offered,
            _memberships,
        ),
        ("networks.lines", _("the five lines"), _lines_wait, mail.lines, _memberships),
        ("networks.proposed", _("a proposed group"), _is_shown, mail.proposed, _seats),
    ]:
        # Each is an answer or waits for one, so none can be turned off. They are planned for
        # working hours where the organisation keeps them.
        kinds.register(
            name,
            words=words,
            preference=kinds.MUST_REACH,
            still_true=still_true,
            message=message,
            subjects=subjects,
        )
    kinds.register(
        WELCOME,
        words=_("a welcome to Pejling"),
        preference=kinds.MUST_REACH,
        still_true=_was_never_here,
        message=mail.welcome,
        subjects=_people,
    )


def _people():
    return User.objects.select_related("organisation")


def _was_never_here(delivery, person: User) -> bool | str:
    if person.left_at or not person.is_active:
        return "left"
    if person.last_login:
        return "was here"
    return True if person.organisation.begun_at or person.is_secretariat else "rehearsal"


def _requests():
    return JoinRequest.objects.select_related("user", "group__organisation")


def _memberships():
    return Membership.objects.select_related("user", "group__organisation")


def _seats():
    return Seat.objects.select_related("user", "composition__organisation")


def _is_asked(delivery, request: JoinRequest) -> bool | str:
    if request.state != JoinRequest.State.ASKED:
        return "over"
    if not request.group.memberships.standing().filter(user=delivery.recipient_id).exists():
        return "left"
    if request.answers.filter(member=delivery.recipient_id).exists():
        return "answered"
    return _begun(request.group)


def _came_in(delivery, request: JoinRequest) -> bool | str:
    standing = request.group.memberships.standing().filter(user=delivery.recipient_id)
    affirmed = standing.values_list("affirmed_at", flat=True)
    if not affirmed:
        return "left"
    return "in already" if any(affirmed) else _begun(request.group)


def _is_offered(delivery, request: JoinRequest) -> bool | str:
    return _begun(request.group) if request.state == JoinRequest.State.OFFERED else "over"


def _is_closed(delivery, request: JoinRequest) -> bool | str:
    return _begun(request.group) if request.state == JoinRequest.State.CLOSED else "over"


def _role_waits(delivery, membership: Membership) -> bool | str:
    if membership.left_at or not delivery.version.startswith(membership.offered_role or "-"):
        return "over"
    return _begun(membership.group)


def _lines_wait(delivery, membership: Membership) -> bool | str:
    waits = Membership.objects.unaffirmed(timezone.now()).filter(pk=membership.pk)
    return _begun(membership.group) if waits.exists() else "over"


def _is_shown(delivery, seat: Seat) -> bool | str:
    if not seat.composition.is_shared or seat.group_id is None:
        return "over"
    return True if seat.composition.organisation.begun_at else "rehearsal"


def _begun(group) -> bool | str:
    return "rehearsal" if group.rehearses else True
