"""What was presented and what was decided: kept as it was, come back to, withdrawn."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import factories
from tests.wellbeing.apv_cast import amo_of, assess, find, leader_of, make_apv, propose
from wellbeing.models import Decision, Guidepost, Presentation
from wellbeing.models.decision import look_again

pytestmark = pytest.mark.usefixtures("monday")

ALL_OF_THEM = "Alle ledere skal gennem coachuddannelsen"


@pytest.fixture
def apv(organisation, secretariat):
    return make_apv(organisation, secretariat, "act")


def present(apv, **values) -> Presentation:
    today = timezone.localdate()
    said = {"to_whom": "Chefgruppen", "presented_on": today, "said": "Vi kan mere sammen."}
    return Presentation.objects.present(leader_of(apv), apv=apv, **said | values)


def decide(by, what=ALL_OF_THEM, why="Vi står stærkere.", **values) -> Decision:
    return Decision.objects.decide(by, what, why, **values)


# ---- presented


def test_what_was_presented_stays_as_it_stood(apv):
    guidepost = Guidepost.objects.word(
        apv.organisation, apv.unit, wording="Vi siger fra i tide.", theme="support"
    )
    apv.add_theme(guidepost=guidepost)
    finding = find(apv)
    assess(finding)
    action = propose(finding)
    presented = present(apv)
    now = guidepost.reword("Vi siger til og fra.", "support")
    action.reply("no", "Ikke i år", apv.senior_manager)
    finding.assess("Noget andet", "To huse", "Vi glemte det", leader_of(apv))
    kept = Presentation.objects.get(pk=presented.pk).kept
    assert now.pk != guidepost.pk
    assert [one["wording"] for one in kept["guideposts"]] == ["Vi siger fra i tide."]
    (found,) = kept["themes"][0]["findings"]
    assert (found["words"], found["severity"]) == (finding.words, "Det slider")
    assert [(one["what"], one["answer"]) for one in found["actions"]] == [(action.what, "")]
    assert list(presented.guideposts.all()) == [guidepost]


def test_what_is_neither_looked_through_nor_released_stays_with_the_leaders(apv):
    find(apv, "Vi tør ikke sige det")
    assess(find(apv, "Telefonen ringer"))
    first = present(apv)
    assert [one["words"] for one in first.kept["themes"][0]["findings"]] == ["Telefonen ringer"]
    assert first.kept["kept_back"] == 1
    apv.release(leader_of(apv))
    then = present(apv, to_whom="MED-udvalget")
    assert len(then.kept["themes"][0]["findings"]) == 2
    assert then.kept["kept_back"] == 0


def test_no_name_is_kept_only_whose_it_is(apv):
    assess(finding := find(apv))
    propose(finding)
    presented = present(apv)
    assert leader_of(apv).name not in str(presented.kept)


def test_presented_twice_to_the_same_on_a_day_is_once(apv):
    assess(find(apv))
    assert present(apv) == present(apv, to_whom="chefgruppen")
    assert Presentation.objects.count() == 1


def test_nothing_to_present_says_so(apv):
    with pytest.raises(ValidationError, match="intet pejlemærke"):
        present(apv)


def test_until_the_day_is_over_it_is_put_together_anew_then_it_stands(apv, monday):
    assess(find(apv))
    tomorrow = timezone.localdate() + timedelta(days=1)
    presented = present(apv, presented_on=tomorrow)
    assess(find(apv, "Fundet i går"))
    presented.correct(to_whom="Direktionen", presented_on=tomorrow, said="")
    assert len(presented.kept["themes"][0]["findings"]) == 2
    monday.shift(timedelta(days=2))
    with pytest.raises(ValidationError, match="står, som det var"):
        presented.correct(to_whom="Ingen", presented_on=tomorrow, said="")
    with pytest.raises(ValidationError, match="står, som det var"):
        presented.take_back()


def test_taken_back_unless_something_was_decided_on_it(apv):
    assess(find(apv))
    presented = present(apv)
    decision = decide(apv.senior_manager, presentation=presented)
    with pytest.raises(ValidationError, match="besluttet"):
        presented.take_back()
    decision.presentation = None
    decision.save()
    presented.take_back()
    assert not Presentation.objects.exists()


def test_who_reads_what_was_presented(apv, organisation):
    top = factories.make_unit(organisation, name="Ældre", kind="administration")
    director = factories.make_user(organisation, "Direktør Dam", unit=top)
    top.appoint(director)
    apv.unit.move(top)
    assess(find(apv))
    presented = present(apv)
    elsewhere = factories.make_user(organisation, "En Anden", unit=top)
    stranger = factories.make_user(factories.make_organisation("Skovlund"), is_secretariat=True)
    reads = lambda person: Presentation.objects.visible_to(person).exists()  # noqa: E731
    for person in (leader_of(apv), amo_of(apv), apv.senior_manager, director):
        assert reads(person), person
    assert not reads(elsewhere)
    assert not reads(stranger)
    assert list(Presentation.objects.visible_to(director)) == [presented]


# ---- decided


def test_a_decision_comes_back_on_a_day_of_work(organisation):
    assert look_again(organisation, date(2026, 11, 9)) == date(2027, 2, 9)
    assert look_again(organisation, date(2026, 10, 9)) == date(2027, 1, 8)  # not on a Saturday
    assert look_again(organisation, date(2026, 12, 26)) == date(2027, 3, 24)  # nor at Easter


def test_decided_twice_on_a_day_is_once_and_comes_back_in_three_months(apv, secretariat):
    first = decide(apv.senior_manager, unit=apv.unit)
    assert decide(apv.senior_manager, unit=apv.unit) == first
    assert first.follow_up_on == date(2027, 2, 9)
    today = first.follow_up_on
    for person, count in [(apv.senior_manager, 1), (secretariat, 1), (leader_of(apv), 0)]:
        assert Decision.objects.to_follow_up(person, today).count() == count
    assert not Decision.objects.due(today - timedelta(days=1)).exists()
    syd = factories.make_unit(apv.organisation, name="Område Syd")
    for owner in (syd, None):  # the same words on the same day, for somebody else
        other = decide(secretariat, unit=owner)
        assert (other.unit, decide(secretariat, unit=owner)) == (owner, other)
    assert Decision.objects.count() == 3


def test_what_became_of_it_is_written_and_it_may_come_back_again(apv):
    decision = decide(apv.senior_manager)
    again = decision.follow_up_on + timedelta(days=90)
    for _ in range(2):
        decision.follow_up("Otte er igennem.", apv.senior_manager, again_on=again)
    assert decision.follow_up_on == again
    decision.follow_up("Alle er igennem.", apv.senior_manager)
    assert not Decision.objects.due(again + timedelta(days=900)).exists()
    assert [one.words for one in decision.events.all()] == [
        "",
        "Otte er igennem.",
        "Alle er igennem.",
    ]
    with pytest.raises(ValidationError, match="endnu ikke er kommet"):
        decision.follow_up("Mere", apv.senior_manager, again_on=timezone.localdate())


def test_put_right_while_it_is_fresh_and_what_stood_before_is_kept(apv, monday):
    decision = decide(apv.senior_manager, "Alle leder skal afsted")
    said = {"what": ALL_OF_THEM, "why": decision.why, "guideposts": []}
    for _ in range(2):
        decision.correct(apv.senior_manager, **said)
    event = decision.events.get(what="corrected")
    assert (event.words, event.by) == ("Alle leder skal afsted", apv.senior_manager)
    monday.shift(timedelta(days=15))
    with pytest.raises(ValidationError, match="to uger"):
        decision.correct(apv.senior_manager, **said | {"what": "Noget andet"})


def test_withdrawn_it_stays_with_why_and_comes_back_no_more(apv):
    decision = decide(apv.senior_manager)
    with pytest.raises(ValidationError, match="hvorfor"):
        decision.withdraw(" ", apv.senior_manager)
    for why in ("Budgettet faldt", "En gang til"):
        decision.withdraw(why, apv.senior_manager)
    assert decision.withdrawn_why == "Budgettet faldt"
    assert not Decision.objects.standing().exists()
    assert not Decision.objects.due(decision.follow_up_on).exists()
    with pytest.raises(ValidationError, match="trukket tilbage"):
        decision.follow_up("Alligevel", apv.senior_manager)
    assert decide(apv.senior_manager) != decision  # it may be decided anew, the same day too


def test_of_who_left_it_comes_back_to_who_heads_the_place(apv):
    decision = decide(apv.senior_manager, unit=apv.unit)
    after = factories.make_user(apv.organisation, "Ny Chef")
    assert not Decision.objects.to_follow_up(after, decision.follow_up_on).exists()
    apv.unit.appoint(after)
    apv.senior_manager.leave()
    assert Decision.objects.to_follow_up(after, decision.follow_up_on).get() == decision
