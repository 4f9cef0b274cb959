"""The bank to browse, own questions in it, and a question taken along to a meeting."""

import pytest

from meetings.models import AgendaItem
from tests import factories
from wellbeing.models import DialogueQuestion

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def karen(client, leader):
    client.force_login(leader)
    return client


def test_browsed_by_theme(karen, leader):
    everything = karen.get("/questions/bank/").content.decode()
    some = karen.get("/questions/bank/", {"theme": "safety"}).content.decode()
    lie = [len(seen.split('id="question-')) - 1 for seen in (everything, some)]
    assert lie == [12, 2]


def test_one_of_our_own_is_there_for_all_of_us_until_it_is_put_away(karen, leader, outsider):
    said = {"text": "Hvem  griber bolden?", "theme": "support", "step": "peers"}
    for _ in range(2):  # a double click
        karen.post("/questions/bank/", said)
    own = DialogueQuestion.objects.get(organisation=leader.organisation)
    assert (str(own), own.by) == ("Hvem griber bolden?", leader)
    colleague = factories.make_user(leader.organisation)
    visible = DialogueQuestion.objects.visible_to
    assert [own in visible(one) for one in (leader, colleague, outsider)] == [True, True, False]
    karen.force_login(colleague)
    assert karen.post(f"/questions/bank/{own.pk}/retirement/").status_code == 404
    karen.force_login(leader)
    karen.post(f"/questions/bank/{own.pk}/retirement/")
    assert "Hvem griber bolden?" not in karen.get("/questions/bank/").content.decode()


def test_an_empty_question_is_said_at_the_field(karen):
    response = karen.post("/questions/bank/", {"text": "", "theme": "support", "step": "peers"})
    assert response.status_code == 422


def test_taken_to_the_next_meeting(karen, leader, team):
    meeting = factories.make_series(team, factories.in_days(4)).meetings.get()
    meeting.invite_proposals()
    question = DialogueQuestion.objects.get(key="safety-1")
    page = f"/questions/bank/{question.pk}/meeting/"
    assert f'value="{meeting.pk}"' in karen.get(page).content.decode()
    assert karen.post(page, {"meeting": meeting.pk}).url == meeting.get_absolute_url()
    item = AgendaItem.objects.get()
    assert (item.meeting, item.from_bank, item.by) == (meeting, question, leader)


def test_what_needs_a_room_without_the_boss_is_not_taken_to_a_team(karen, team, network):
    of_team, of_network = (
        factories.make_series(group, factories.in_days(4)).meetings.get()
        for group in (team, network)
    )
    page = f"/questions/bank/{DialogueQuestion.objects.get(key='support-2').pk}/meeting/"
    seen = karen.get(page).content.decode()
    assert (f'value="{of_network.pk}"' in seen, f'value="{of_team.pk}"' in seen) == (True, False)
    assert karen.post(page, {"meeting": of_team.pk}).status_code == 404
