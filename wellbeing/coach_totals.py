"""What a senior manager is shown of a coach education: numbers over enough people, never a name.

A number is shown only where neither it nor what is left of all is smaller than the organisation's
threshold; else it would say where somebody is. And it grows in steps of that many: who looks twice,
or holds the number of one unit against another's, doesn't see where the one is who makes the
difference.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellbeing.models import Enrolment


def lines(totals: dict[str, int], least: int) -> list[str]:
    """`totals` by state, as `EnrolmentQuerySet.totals` has it."""
    everybody = sum(totals.values())
    through, under_way = totals[Enrolment.State.THROUGH], totals[Enrolment.State.UNDER_WAY]
    if everybody < least:
        return [_("Numbers are shown when they are about five leaders or more.")]
    if through < least:
        return [_of_all(everybody), _("Only a few of them are through yet, or nobody.")]
    if everybody - through < least:
        return [_of_all(everybody), _("All of them are through, or nearly all.")]
    said = [_of_all(everybody), _("At least %(count)d are through.") % _step(through, least)]
    if under_way >= least and everybody - through - under_way >= least:
        said.append(_("At least %(count)d are under way.") % _step(under_way, least))
    return said


def _step(number: int, least: int) -> dict[str, int]:
    return {"count": number - number % least}


def _of_all(everybody: int) -> str:
    return ngettext("It is for %(count)d leader.", "It is for %(count)d leaders.", everybody) % {
        "count": everybody
    }
