"""An APV on the meetings that are held anyway: a theme at a time onto an agenda, and following up
on every third leader meeting by itself.
"""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, ApvItem, Format, Meeting
from networks.models import Group, Unit
from wellbeing.models import Action, Apv, ApvTheme

logger = logging.getLogger(__name__)

EVERY = 3  # leader meetings
MINUTES, THEME_MINUTES = 10, 20
INQUIRY = "inquiry-meeting"


def meetings_for(theme: ApvTheme, user):
    """This person's own leader meetings that still take questions, the next first. None of somebody
    from outside the unit: an AMO representative may lead elsewhere.
    """
    within = Unit.objects.above(user.unit_id).filter(pk=theme.apv.unit_id)
    coming = Meeting.objects.visible_to(user).building().coming(timezone.now())
    return coming.filter(
        Exists(within),
        series__group__kind=Group.Kind.TEAM,
        series__group__organisation=theme.apv.organisation_id,
    ).for_page()


def put_on_agenda(theme: ApvTheme, meeting: Meeting, by, inquiry=False, at=None) -> AgendaItem:
    """As a question, or as what the whole meeting looks into. Twice is once."""
    with transaction.atomic():
        theme.apv._lock()
        name = str(theme).rstrip(".")  # a guidepost is a sentence
        words = _("APV: %(theme)s. Where is it well, where does it strain?") % {"theme": name}
        guidepost = theme.guidepost
        item = meeting.propose(words, by, THEME_MINUTES, guidepost, at=at)
        values = {"apv": theme.apv, "group": item.group, "theme": theme}
        ApvItem.objects.get_or_create(item=item, defaults=values)
        if inquiry and item.meeting:
            item.meeting.follow(Format.objects.get(slug=INQUIRY))
    return item


def proposals_waiting(group: Group):
    """What the leaders of the team's unit ask of its senior manager in writing."""
    waiting = Action.objects.waiting_for(group.senior_manager)
    return waiting.filter(assessment__finding__theme__apv__unit=group.unit_id)


# ---- on the tick


def tend(now) -> None:
    """Set the clocks of themes that were talked about, and let following up come by itself."""
    for one in ApvItem.objects.just_held().select_related("item__meeting", "theme", "group"):
        _try(_cover, one)
    ahead = ApvItem.objects.follow_ups().filter(
        apv=OuterRef("pk"), item__meeting__starts_at__gt=now
    )
    for apv in Apv.objects.followed_up().filter(~Exists(ahead)):
        _try(follow_up, apv, now)


def _try(verb, one, *args) -> None:
    try:
        verb(one, *args)
    except Exception:
        logger.exception("could not %s %s", verb.__name__, one.pk)


def _cover(one: ApvItem) -> None:
    on = one.group.organisation.local_date(one.item.meeting.starts_at)
    with transaction.atomic():
        if ApvItem.objects.filter(pk=one.pk, covered=False).update(covered=True):
            one.theme.cover(on, str(one.group))


def follow_up(apv: Apv, now) -> None:
    """A short item on the third leader meeting since the last time. Idempotent."""
    with transaction.atomic():
        Apv.objects.select_for_update(no_key=True).get(pk=apv.pk)
        teams = Group.objects.alive().filter(kind=Group.Kind.TEAM, unit=apv.unit_id)
        for group in teams.select_related("organisation", "senior_manager"):
            if meeting := _third(apv, group, now):
                _propose(apv, group, meeting, now)


def _third(apv: Apv, group: Group, now) -> Meeting | None:
    """Where it belongs, if that meeting still takes questions."""
    mine = ApvItem.objects.follow_ups().filter(apv=apv, group=group, item__meeting__isnull=False)
    last = mine.order_by("-item__meeting__starts_at").select_related("item__meeting").first()
    if last and last.item.meeting.starts_at > now:
        return None
    since = last.item.meeting.starts_at if last else _acting_since(apv)
    later = Meeting.objects.standing().filter(series__group=group, starts_at__gt=since)
    due = list(later.order_by("starts_at").for_page()[EVERY - 1 :][: 2 * EVERY])
    return next((one for one in due if one.starts_at > now and one.takes_questions), None)


def _acting_since(apv: Apv):
    acted = apv.events.filter(what="went", words__in=Apv.WITH_A_PLAN).first()
    return (acted or apv.events.first()).at


def _propose(apv: Apv, group: Group, meeting: Meeting, now) -> None:
    """In the name of one of the working group who stands in the team."""
    seated = group.memberships.standing().filter(user__apv_seats__apv=apv).in_order()
    member = seated.first() or group.memberships.standing().in_order().first()
    if not member:
        return
    with translation.override(member.user.language):
        words = _("Following up on the APV: is it done, does it work, what now?")
        item = meeting.propose(words, member.user, MINUTES, at=now)
    ApvItem.objects.get_or_create(item=item, defaults={"apv": apv, "group": group})
