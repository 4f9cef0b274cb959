"""What the leaders steer by: the guideposts, with when each was last talked about."""

from django.db.models import Max, OuterRef, Q, Subquery
from django.shortcuts import render

from meetings.models import AgendaItem, Meeting
from networks.models import Group
from wellbeing.examples import examples
from wellbeing.models import Guidepost, ThemeDay
from wellbeing.models.guidepost import FEWEST, MOST


def guideposts(request):
    user = request.user
    visible = Guidepost.objects.visible_to(user).in_order()
    visible = visible.annotate(last_talked=_last(_talked()), last_own=_last(_talked(user)))
    rows = visible.select_related("unit", "organisation", "origin", "predecessor")
    together = ThemeDay.objects.open_to(user).under_way().newest_first()
    days = list(together)
    context = {
        "owners": _by_owner(_in_words_of_today(rows), user, days),
        "examples": examples(),
        "days": days,
        "earlier": Guidepost.objects.visible_to(user).exclude(retired_on=None).exists(),
        "fewest": FEWEST,
        "most": MOST,
    }
    return render(request, "wellbeing/guideposts.html", context)


def _in_words_of_today(rows) -> list[Guidepost]:
    """Those that stand; what was talked about under the words before is theirs. Of other teams
    only the month is told.
    """
    reworded = Q(successor__isnull=False)
    found = {one.pk: one for one in rows.filter(Q(retired_on=None) | reworded)}
    for one in found.values():
        last = one
        while last.successor_id in found:
            last = found[last.successor_id]
        for name in ("last_talked", "last_own"):
            moments = filter(None, [getattr(last, name), getattr(one, name)])
            setattr(last, name, max(moments, default=None))
    standing = [one for one in found.values() if one.is_standing]
    for one in standing:
        one.last_in_month = one.last_talked != one.last_own
    return standing


def _by_owner(standing, user, days) -> list[dict]:
    """Whose they are, theirs in order, and whether this person may change them."""
    found = []
    changing = {day.unit_id for day in days}
    for guidepost in standing:
        if not found or found[-1]["owner"] != guidepost.owner:
            may = user.is_secretariat or guidepost.unit_id in changing
            found.append({"owner": guidepost.owner, "unit": guidepost.unit, "may": may, "own": []})
        found[-1]["own"].append(guidepost)
    return found


def _talked(user=None):
    """At a leader meeting that was held, or one of this person's own. What network groups talk
    about is nobody else's.
    """
    talked = AgendaItem.objects.filter(
        guidepost=OuterRef("pk"),
        status=AgendaItem.Status.SET,
        group__kind=Group.Kind.TEAM,
        meeting__status=Meeting.Status.HELD,
    )
    return talked.filter(group__in=Group.objects.open_to(user).values("pk")) if user else talked


def _last(talked) -> Subquery:
    return Subquery(
        talked.order_by().values("guidepost").values(last=Max("meeting__starts_at"))[:1]
    )
