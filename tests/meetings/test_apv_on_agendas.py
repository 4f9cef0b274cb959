"""An APV on ordinary leader meetings: a theme at a time, and following up every third time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.apv import put_on_agenda, tend
from meetings.models import AgendaItem, ApvItem
from tests import factories
from tests.wellbeing.apv_cast import leader_of, make_apv
from wellbeing import written_apv

pytestmark = pytest.mark.usefixtures("monday")


def team_of(apv):
    people = [leader_of(apv), *[factories.make_user(apv.organisation) for _ in range(3)]]
    return factories.make_team(
        apv.organisation, people, senior_manager=apv.senior_manager, unit=apv.unit
    )


def test_a_theme_that_was_talked_about_is_covered(organisation, secretariat):
    apv = make_apv(organisation, secretariat)
    meeting = factories.make_open_meeting(team_of(apv))
    theme = apv.themes.first()
    for _ in range(2):
        put_on_agenda(theme, meeting, leader_of(apv))
    assert ApvItem.objects.count() == 1
    meeting.compose_agenda()
    meeting.end()
    for _ in range(2):
        tend(meeting.ends_at)
    theme.refresh_from_db()
    assert theme.last_covered_on == organisation.local_date(meeting.starts_at)


def test_following_up_comes_onto_the_third_meeting_by_itself_and_once(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    series = factories.make_series(team_of(apv), meetings=6)
    for _ in range(2):
        tend(timezone.now())
    item = AgendaItem.objects.get()
    third = list(series.meetings.order_by("starts_at"))[2]
    assert item.meeting == third
    third.compose_agenda()
    item.refresh_from_db()
    assert (item.position, item.why) == (1, "follow_up")
    tend(third.starts_at + timedelta(days=1))
    assert ApvItem.objects.follow_ups().count() == 2


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_paper_is_tagged_and_says_so(organisation, secretariat, language):
    paper = written_apv.paper(make_apv(organisation, secretariat), language)
    assert paper.startswith(b"%PDF")
    assert b"/MarkInfo" in paper
    assert b"pdfuaid" in paper
    assert f"/Lang({language}".encode() in paper
