"""What makes an agenda besides questions: the bank, standing items, the order, hiding."""

from datetime import timedelta

import pytest

from meetings.models import AgendaItem, ChangedMeanwhile, Format, Trace
from tests.factories import make_meeting, make_open_meeting, make_series, make_user
from wellbeing.models import DialogueQuestion, Guidepost

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def colleague(team, leader):
    return team.participants().exclude(pk=leader.pk).exclude(pk=team.senior_manager_id).first()


def make_guidepost(team, theme, wording) -> Guidepost:
    return Guidepost.objects.create(organisation=team.organisation, theme=theme, wording=wording)


def words(meeting) -> list[str]:
    return [line.words for line in meeting.building.around().traces]


# ---- the bank


def test_the_bank_offers_by_the_guidepost_not_talked_about_the_longest(team, leader):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    support = make_guidepost(team, "support", "Ingen leder står alene.")
    make_guidepost(team, "growth", "Vi spørger, før vi svarer.")
    assert second.building.offered().theme == "support"
    first.propose("Hvem ringer du til?", by=leader, guidepost=support)
    first.compose_agenda()
    assert second.building.offered().theme == "growth"


def test_another_one_is_about_another_theme_and_they_come_round(team, meeting):
    offered = [meeting.building.offered(skip) for skip in range(11)]
    assert len({one.pk for one in offered}) == 11
    assert len({one.theme for one in offered[:6]}) == 6
    assert meeting.building.offered(11) == offered[0]


def test_a_question_for_networks_is_never_offered_to_a_team(team, network):
    hardest = DialogueQuestion.objects.get(networks_only=True)
    for group, holds in ((team, False), (network, True)):
        building = make_open_meeting(group).building
        assert (hardest in [building.offered(skip) for skip in range(12)]) is holds


def test_taken_from_the_bank_it_says_so_and_by_whom(team, leader, meeting):
    guidepost = make_guidepost(team, "safety", "Det halvfærdige er velkomment.")
    question = meeting.building.offered()
    item = meeting.building.take_from_bank(question, by=leader)
    assert meeting.building.take_from_bank(question, by=leader) == item
    assert (item.from_bank, item.by, item.guidepost) == (question, leader, guidepost)
    assert words(meeting) == [f"Karen Holm hentede ”{question}” i spørgsmålsbanken"]


def test_nobody_asked_so_the_bank_lends_what_was_offered(team, meeting):
    guidepost = make_guidepost(team, "safety", "Det halvfærdige er velkomment.")
    offered = meeting.building.offered()
    meeting.compose_agenda()
    item = meeting.items.on_agenda().get()
    assert (item.from_bank, item.by, item.why, item.minutes) == (offered, None, "bank", 30)
    assert item.question == offered.text_da
    assert item.guidepost == guidepost
    assert item.asker == "Fra spørgsmålsbanken"


def test_the_bank_goes_on_to_other_questions(team):
    for meeting in make_series(team, meetings=6).meetings.order_by("starts_at"):
        meeting.compose_agenda()
    lent = AgendaItem.objects.on_agenda().values_list("theme", flat=True)
    assert len(set(lent)) == 6


def test_a_moved_meeting_gives_the_bank_its_question_back(team, leader, meeting):
    meeting.compose_agenda()
    meeting.move(meeting.starts_at + timedelta(days=3), by=team.senior_manager)
    assert not meeting.items.waiting().exists()
    meeting.propose("Hvad nu?", by=leader)
    meeting.compose_agenda()
    assert [item.question for item in meeting.items.on_agenda()] == ["Hvad nu?"]


# ---- standing items


def test_a_standing_item_takes_its_minutes_first_on_each_agenda(team, leader, colleague):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    standing = first.building.add_standing("Ét pejlemærke", 10, by=colleague)
    assert first.building.add_standing("Ét pejlemærke", 10, by=leader) == standing
    for meeting in (first, second):
        meeting.propose("Hvad nu?", by=leader, minutes=60)
        meeting.compose_agenda()
        set_ = meeting.items.on_agenda().values_list("question", "minutes", "why")
        assert list(set_) == [("Ét pejlemærke", 10, "standing"), ("Hvad nu?", 35, "first")]
    assert words(first) == [f"{colleague} satte ”Ét pejlemærke” på alle møderækkens dagsordener"]


def test_a_standing_item_ends_for_what_is_still_to_come(team, leader, colleague):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    standing = first.building.add_standing("Ét pejlemærke", 10, by=colleague)
    first.compose_agenda()
    for _ in range(2):
        second.building.end_standing(standing, by=leader)
    second.propose("Hvad nu?", by=leader)
    second.compose_agenda()
    assert [item.question for item in second.items.on_agenda()] == ["Hvad nu?"]
    assert words(second) == ["Karen Holm tog ”Ét pejlemærke” af møderækkens dagsordener"]


def test_standing_items_are_nobodys_turn(team, leader, colleague):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    first.building.add_standing("Ét pejlemærke", 10, by=leader)
    first.propose("Mit?", by=colleague)
    first.compose_agenda()
    second.propose("Deres?", by=colleague)
    second.propose("Mit?", by=leader)
    second.compose_agenda()
    asked = second.items.on_agenda().exclude(why="standing")
    assert [(item.question, item.why) for item in asked] == [("Mit?", "turn"), ("Deres?", "first")]


def test_standing_items_fill_the_hour_but_never_exceed_it(team, leader, meeting):
    for number in range(4):
        meeting.building.add_standing(f"Punkt {number}", 15, by=leader)
    meeting.compose_agenda()
    assert [item.minutes for item in meeting.items.on_agenda()] == [15, 15, 15]


# ---- minutes wanted


def test_minutes_wanted_are_kept_when_the_agenda_is_taken_apart(team, leader, meeting):
    item = meeting.propose("Hvad nu?", by=leader, minutes=90)
    meeting.compose_agenda()
    item.refresh_from_db()
    assert (item.minutes, item.wanted) == (45, 90)
    meeting.move(meeting.starts_at + timedelta(days=3), by=team.senior_manager)
    item.refresh_from_db()
    assert (item.status, item.minutes) == ("waiting", 90)


@pytest.mark.parametrize(
    ("slug", "minutes", "given", "in_all"),
    [
        ("dialogue-meeting", 90, [30, 15], 45),
        ("dialogue-meeting", 120, [30, 15, 15, 15], 75),
        ("dialogue-meeting", 60, [20, 10], 30),
        ("inquiry-meeting", 60, [48], 48),
        ("dialogue-meeting", 30, [10], 15),
    ],
)
def test_who_does_not_say_how_long_gets_what_the_format_gives(
    team, leader, slug, minutes, given, in_all
):
    meeting = make_series(team, minutes=minutes).meetings.get()
    meeting.follow(Format.objects.get(slug=slug))
    for number in range(5):
        meeting.propose(f"{number}?", by=leader)
    meeting.compose_agenda()
    assert [item.minutes for item in meeting.items.on_agenda()] == given
    assert meeting.for_questions == in_all


def test_beside_standing_items_each_place_has_its_share(team, leader, meeting):
    meeting.building.add_standing("Ét pejlemærke", 10, by=leader)
    for question in ("A?", "B?", "C?"):
        meeting.propose(question, by=leader)
    meeting.compose_agenda()
    assert [item.minutes for item in meeting.items.on_agenda()] == [10, 23, 11]


def test_a_format_without_a_place_for_questions_leaves_what_is_left(team, leader):
    meeting = make_series(team, minutes=90).meetings.get()
    own = Format.objects.get(slug="dialogue-meeting").copy_for(team, by=leader)
    own.rewrite([phase for phase in own.outline if phase.kind != "item"])
    meeting.follow(own)
    for number in range(3):
        meeting.propose(f"{number}?", by=leader)
    meeting.compose_agenda()
    assert [item.minutes for item in meeting.items.on_agenda()] == [20, 20]


# ---- carried over, and still alive?


def test_what_rests_is_woken_or_let_rest(team, leader):
    first, second, third = make_series(team, meetings=3).meetings.order_by("starts_at")
    for number in range(3):
        first.building.add_standing(f"Punkt {number}", 20, by=leader)
    item, other = first.propose("Lever jeg?", by=leader), first.propose("Og jeg?", by=leader)
    first.compose_agenda()
    second.compose_agenda()
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.status, item.carried_from, item.meeting) == ("resting", first, second)
    assert item.answer_alive(True)
    item.refresh_from_db()
    assert (item.status, item.meeting, item.carried_from) == ("waiting", third, None)
    assert other.answer_alive(False)
    assert (other.status, other.let_rest) == ("resting", True)
    assert other.answer_alive(True)
    assert (other.status, other.let_rest) == ("waiting", False)


def test_what_there_was_no_time_for_in_the_room_goes_on_once(team, leader):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    item = first.propose("Hvad nu?", by=leader)
    first.compose_agenda()
    item.refresh_from_db()
    item.carry_over(first, second)
    item.refresh_from_db()
    assert (item.status, item.meeting, item.position) == ("waiting", second, None)


# ---- the order


@pytest.fixture
def set_agenda(team, leader, meeting):
    """Three questions, one from each of three people; the host is whoever asked the first."""
    people = list(team.participants().exclude(pk=team.senior_manager_id))
    for number, person in enumerate(people[:3], 1):
        meeting.propose(f"{number}?", by=person, minutes=15)
    meeting.compose_agenda()
    return meeting


def order(meeting) -> list[int]:
    return [item.pk for item in meeting.items.on_agenda()]


@pytest.mark.parametrize(
    ("place", "after"), [(1, "CAB"), (2, "ACB"), (3, "ABC"), (99, "ABC"), (-4, "CAB")]
)
def test_a_question_goes_to_another_place(set_agenda, leader, place, after):
    seen = order(set_agenda)
    named = dict(zip("ABC", seen, strict=True))
    assert set_agenda.building.place(seen[2], place, seen, by=leader)
    assert order(set_agenda) == [named[name] for name in after]


def test_two_hosts_order_at_once_and_the_second_is_told(set_agenda, leader, colleague):
    seen = order(set_agenda)
    assert set_agenda.building.place(seen[2], 1, seen, by=leader)
    assert not set_agenda.building.place(seen[0], 3, seen, by=colleague)
    assert order(set_agenda) == [seen[2], seen[0], seen[1]]
    moved = AgendaItem.objects.get(pk=seen[2])
    assert words(set_agenda) == [f"Karen Holm flyttede ”{moved}” til plads 1"]


def test_what_is_gone_meanwhile_moves_nowhere(set_agenda, leader):
    seen = order(set_agenda)
    AgendaItem.objects.get(pk=seen[2]).hide(by=leader)
    assert not set_agenda.building.place(seen[2], 1, seen, by=leader)
    assert order(set_agenda) == seen[:2]


# ---- hiding


def test_hidden_at_once_a_trace_stays_and_it_comes_back_in_other_words(set_agenda, colleague):
    item = AgendaItem.objects.get(pk=order(set_agenda)[1])
    item.hide(by=colleague)
    item.hide(by=colleague)
    assert item.pk not in order(set_agenda)
    assert words(set_agenda) == [f"{colleague} skjulte et spørgsmål"]
    assert item.show_again("Hvad gør vi, når nogen er ked af det?")
    assert order(set_agenda)[-1] == item.pk
    assert words(set_agenda)[0].startswith(f"{item.by} har sagt det på en anden måde: ”Hvad gør vi")


def test_the_trace_of_a_move_keeps_quiet_about_what_is_hidden(set_agenda, leader):
    seen = order(set_agenda)
    set_agenda.building.place(seen[2], 1, seen, by=leader)
    moved = AgendaItem.objects.get(pk=seen[2])
    moved.hide(by=leader)
    assert words(set_agenda) == [
        "Karen Holm skjulte et spørgsmål",
        "Karen Holm flyttede ”…” til plads 1",
    ]


def test_a_waiting_question_is_hidden_and_waits_again(team, leader, meeting):
    item = meeting.propose("Hvad gør vi ved Jens?", by=leader)
    item.hide(by=leader)
    meeting.compose_agenda()
    assert "Hvad gør vi ved Jens?" not in [one.question for one in meeting.items.on_agenda()]
    following = make_meeting(team, meeting.starts_at + timedelta(days=14))
    assert item.show_again("Hvad gør vi ved uro?")
    item.refresh_from_db()
    assert (item.status, item.meeting) == ("waiting", following)


def test_hidden_while_the_meeting_runs(set_agenda, leader):
    set_agenda.status = "live"
    set_agenda.save()
    first = AgendaItem.objects.get(pk=order(set_agenda)[0])
    first.hide(by=leader)
    assert first.pk not in order(set_agenda)
    assert first.show_again("Sagt på en anden måde?")
    assert order(set_agenda)[-1] == first.pk


# ---- two devices


def test_two_devices_of_one_person_lose_nothing(leader, meeting):
    item = meeting.propose("Hvad nu?", by=leader)
    assert item.reword("Hvad så?", seen="Hvad nu?")
    with pytest.raises(ChangedMeanwhile, match="Hvad så"):
        item.reword("Hvad mon?", seen="Hvad nu?")
    item.refresh_from_db()
    assert item.question == "Hvad så?"
    assert item.reword("Hvad så?", seen="Hvad nu?")  # the same twice is once


# ---- support and the group


def test_a_stranger_to_the_group_reads_no_hidden_words(team, leader, meeting):
    stranger = make_user(team.organisation)
    meeting.propose("Hvad nu?", by=leader)
    assert not AgendaItem.objects.visible_to(stranger).exists()
    assert Trace.objects.count() == 0
