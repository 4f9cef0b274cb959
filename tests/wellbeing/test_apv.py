"""A leader-APV by dialogue: frame, map, assess, act, follow up."""

import copy
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.wellbeing.apv_cast import (
    PURPOSE,
    amo_of,
    assess,
    find,
    leader_of,
    make_apv,
    make_nord,
    propose,
)
from wellbeing.careful_words import warnings
from wellbeing.models import Action, Apv, ApvTheme, Assessment, Finding, Seat, Statement
from wellbeing.models.apv_theme import months_after

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def apv(organisation, secretariat):
    return make_apv(organisation, secretariat)


def say(apv, text="Vi tør ikke sige nej"):
    theme = apv.themes.first()
    theme.apv = apv
    return Statement.objects.say(theme, text)


# ---- frame


def test_it_begins_with_the_headings_and_one_is_under_way(apv, secretariat):
    assert apv.themes.exclude(heading="").count() == 9
    with pytest.raises(ValidationError, match="under way already"):
        Apv.objects.begin(apv.unit, by=secretariat)


def test_the_frame_needs_purpose_leaders_and_the_amo(organisation, secretariat):
    nord, birgitte, leaders, amo = make_nord(organisation)
    apv = Apv.objects.begin(nord, by=secretariat)
    assert len(apv.missing_for("map")) == 3
    with pytest.raises(ValidationError):
        apv.go_to("map", secretariat)
    with pytest.raises(ValidationError, match="answers the proposals"):
        apv.appoint(birgitte, Seat.Role.LEADER)
    apv.frame(PURPOSE, birgitte)
    apv.appoint(leaders[0], Seat.Role.LEADER)
    with pytest.raises(ValidationError, match="AMO representative"):
        apv.go_to("map", leaders[0])
    for _ in range(2):
        apv.appoint(amo, Seat.Role.AMO)
    apv.go_to("map", leaders[0])
    with pytest.raises(ValidationError, match="somebody else first"):
        apv.dismiss(amo)
    apv.appoint(leaders[1], Seat.Role.LEADER)
    apv.dismiss(leaders[0])
    assert [seat.person for seat in apv.seats.all()] == [leaders[1], amo]


def test_who_left_carries_nothing_and_nobody_signs_for_both_sides(apv):
    birgitte, leader = apv.senior_manager, leader_of(apv)
    with pytest.raises(ValidationError, match="answers the proposals"):
        apv.appoint(birgitte, Seat.Role.AMO)
    with pytest.raises(ValidationError, match="answers the proposals"):
        apv.frame(PURPOSE, amo_of(apv))
    amo_of(apv).leave()
    apv = Apv.objects.for_page().get()
    with pytest.raises(ValidationError, match="AMO representative"):
        apv.go_to("assess", leader)
    apv.appoint(factories.make_user(apv.organisation), Seat.Role.AMO)
    apv.go_to("assess", leader)
    birgitte.leave()
    apv = Apv.objects.for_page().get()
    assert "Say who answers the proposals from now on." in apv.missing_for("act")


def test_nobody_from_elsewhere_is_appointed(apv, outsider):
    with pytest.raises(ValidationError, match="this organisation"):
        apv.appoint(outsider, Seat.Role.AMO)


# ---- who sees it


def test_who_sees_the_apv_and_who_hears_the_statements(apv, organisation, secretariat, outsider):
    birgitte = apv.senior_manager
    leader = leader_of(apv)
    colleague = factories.make_user(organisation, unit=leader.unit)
    elsewhere = factories.make_user(organisation, unit=factories.make_unit(organisation))
    unplaced = factories.make_user(organisation)
    people = [leader, colleague, amo_of(apv), birgitte, secretariat, elsewhere, unplaced, outsider]
    seen = [one for one in people if apv in Apv.objects.visible_to(one)]
    assert seen == [leader, colleague, amo_of(apv), birgitte, secretariat]
    theme = apv.themes.first()
    assert [one for one in seen if theme.may_be_heard_by(one)] == people[:3]
    assert [one for one in seen if apv.may_speak(one)] == people[:3]
    apv.release(leader)
    theme = apv.themes.first()
    assert [one for one in seen if theme.may_be_heard_by(one)] == people[:4]
    assert [one for one in people if apv.may_release(one)] == [leader]


# ---- map


def test_a_statement_leads_to_nobody(apv):
    said = say(apv)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wellbeing_statement")
        columns = {column.name for column in cursor.description}
    assert columns == {"id", "theme_id", "finding_id", "text"}
    assert said.pk.version == 4


def test_statements_become_a_finding_and_go_once_assessed(apv):
    said = say(apv)
    say(apv, "Noget andet")
    finding = Finding.objects.find(said.theme, "Vi siger ja for ofte", [said.pk], voices=4)
    assert finding.voices is None  # fewer than five are not told
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(voices=4)
    assess(finding)
    assert [str(one) for one in Statement.objects.all()] == ["Noget andet"]
    apv.consider_absence("Set under ét: nej.")
    apv.go_to("act", leader_of(apv))
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Karen afbryder os", ["Karen"]),
        ("Det er Holms møder, der skrider", ["Holm"]),
        ("To af os har været sygemeldt", ["sygemeldt"]),
        ("Karen har stress", ["Karen", "stress"]),
        ("Vi bliver afbrudt for tit", []),
        ("Peter Vang svarer ikke", []),  # of another organisation
    ],
)
def test_a_name_or_a_health_word_is_pointed_out(organisation, leader, outsider, text, about):
    found = warnings(text, organisation)
    assert [word in said for word, said in zip(about, found, strict=True)] == [True] * len(about)


# ---- assess and act


def test_no_action_without_assessment_and_absence(apv):
    finding = find(apv)
    with pytest.raises(ValidationError, match="how serious"):
        propose(finding)
    with pytest.raises(ValidationError, match="one line each"):
        finding.assess("Meget", " ", "Fordi", leader_of(apv))
    assess(finding)
    with pytest.raises(ValidationError, match="as a whole"):
        propose(finding)
    with pytest.raises(ValidationError, match="sickness absence"):
        apv.go_to("act", leader_of(apv))
    apv.consider_absence("Set under ét: nej.")
    assert propose(finding) == propose(finding)
    with pytest.raises(IntegrityError), transaction.atomic():
        Apv.objects.filter(pk=apv.pk).update(phase="act", sickness_absence="")


def test_solved_at_once_needs_no_more(apv):
    finding = find(apv)
    finding.solve_at_once("Døren får et skilt")
    assert finding.is_solved
    assert apv.missing_for("act") == [
        "Say in a line whether sickness absence, as a whole, may have to do with it."
    ]
    with pytest.raises(ValidationError, match="solved at once"):
        assess(finding)


def test_the_senior_manager_answers_each(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    finding = find(apv)
    assess(finding)
    action = propose(finding)
    birgitte = apv.senior_manager
    assert list(Action.objects.waiting_for(birgitte)) == [action]
    with pytest.raises(PermissionDenied):
        action.reply("yes", "", leader_of(apv))
    with pytest.raises(ValidationError, match="Say why"):
        action.reply("not_now", " ", birgitte)
    action.reply("yes", "God idé", birgitte)
    assert list(Action.objects.waiting_for(birgitte)) == []


def test_what_did_not_help_is_assessed_anew(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    finding = find(apv)
    assess(finding)
    action = propose(finding)
    with pytest.raises(ValidationError, match="answers it first"):
        action.finish()
    action.reply("yes", "", apv.senior_manager)
    action.finish()
    action.see(False, "Telefonen ringer stadig", leader_of(apv))
    apv.refresh_from_db()
    assert apv.phase == "assess"
    assert list(Finding.objects.unassessed()) == [finding]
    assert Action.objects.of(apv).count() == 1  # kept
    assert apv.events.last().what == "reopened"


# ---- pause, another form, signing


def test_paused_it_rests_and_can_be_resumed(apv):
    apv.pause("Omorganisering", leader_of(apv))
    with pytest.raises(ValidationError, match="paused"):
        find(apv)
    apv.resume(leader_of(apv))
    find(apv)
    said = [(one.what, one.words) for one in apv.events.all()]
    assert said == [("begun", ""), ("went", "map"), ("paused", "Omorganisering"), ("resumed", "")]


def test_signed_by_both_it_stands_and_a_new_round_takes_over(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    finding, solved = find(apv), find(apv, "Døren smækker")
    solved.solve_at_once("Filt på karmen")
    assess(finding)
    action = propose(finding)
    with pytest.raises(ValidationError, match="answers all"):
        apv.sign(apv.senior_manager)
    action.reply("yes", "", apv.senior_manager)
    apv.themes.first().cover(date(2026, 11, 1), "Ledermøde")
    apv.refresh_from_db()
    with pytest.raises(ValidationError, match="sign"):
        apv.sign(leader_of(apv))
    for _ in range(2):
        apv.sign(apv.senior_manager)
    assert not apv.is_locked
    apv.sign(amo_of(apv))
    assert apv.is_locked
    with pytest.raises(ValidationError, match="stands as it is"):
        find(apv, "En ting til")
    action.refresh_from_db()
    action.finish()  # it is followed up all the same
    action.see(False, "Nej", leader_of(apv))
    later = apv.new_round(leader_of(apv))
    assert apv.new_round(leader_of(apv)) == later
    assert [f.words for f in Finding.objects.filter(theme__apv=later)] == [finding.words]
    assert later.themes.exclude(last_covered_on=None).get().covered_where == "Ledermøde"
    assert [seat.person for seat in later.seats.all()] == [leader_of(apv), amo_of(apv)]


def test_a_change_after_one_signature_asks_for_it_again(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    apv.sign(apv.senior_manager)
    find(apv)
    apv.refresh_from_db()
    assert apv.signed_by_employer is None


# ---- the coverage clock


@pytest.mark.parametrize(
    ("covered", "due"),
    [
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2026, 11, 9), date(2029, 11, 9)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_due_three_years_later_at_most(covered, due):
    theme = ApvTheme(last_covered_on=covered)
    assert theme.next_due() == due
    assert not theme.is_due(due - timedelta(days=1))
    assert theme.is_due(due)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_never_later_than_so_many_months(day, months):
    due = months_after(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def test_an_older_day_does_not_turn_the_clock_back(apv):
    theme = apv.themes.first()
    theme.cover(date(2026, 11, 9), "Ledermøde")
    theme.cover(date(2026, 1, 9), "Gammelt møde")
    theme.refresh_from_db()
    assert (theme.last_covered_on, theme.covered_where) == (date(2026, 11, 9), "Ledermøde")
    theme.cover_every(12)
    assert theme.next_due() == date(2027, 11, 9)
    for months in (0, 37):
        with pytest.raises(ValidationError):
            theme.cover_every(months)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApvTheme.objects.filter(pk=theme.pk).update(every_months=37)


def test_what_is_signed_is_covered_in_the_next_round(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    own = apv.add_theme(words="Weekendvagter")
    for signer in (apv.senior_manager, amo_of(apv)):
        apv.sign(signer)
    own.apv.refresh_from_db()
    for verb in (own.take_out, lambda: own.cover_elsewhere(date(2026, 11, 9), "Et møde")):
        with pytest.raises(ValidationError, match="stands as it is"):
            verb()
    later = apv.new_round(leader_of(apv))
    own.cover(date(2026, 11, 9), "Ledermøde")  # it stood on the agenda when they signed
    own.refresh_from_db()
    assert own.last_covered_on is None
    assert later.themes.get(words="Weekendvagter").last_covered_on == date(2026, 11, 9)


# ---- whatever happens


VERBS = ["say", "find", "assess", "solve", "propose", "reply", "finish", "see", "absence", "sign"]
RESTS = ["pause", "change", "resume"]
COURSE = [*Apv.Phase.values, *RESTS, "round"]


def try_to(apv, verb, which):
    """One thing that somebody might do next; what isn't allowed is refused in words."""
    findings = list(Finding.objects.filter(theme__apv=apv))
    actions = list(Action.objects.of(apv))
    finding = copy.copy(findings[which % len(findings)]) if findings else None
    action = actions[which % len(actions)] if actions else None
    leader, senior = leader_of(apv), apv.senior_manager
    try:
        if verb in Apv.Phase.values:
            apv.go_to(verb, leader)
        elif verb == "find":
            find(apv, f"Fund {which}")
        elif verb == "say":
            say(apv, f"Sagt {which}")
        elif verb == "absence":
            apv.consider_absence("Set under ét" if which else "")
        elif verb == "sign":
            apv.sign(senior if which % 2 else amo_of(apv))
        elif verb == "pause":
            apv.pause("Omlægning", leader)
        elif verb == "change":
            apv.change_form("Coachuddannelse", "Det giver mere", leader)
        elif verb == "resume":
            apv.resume(leader)
        elif verb == "round":
            return apv.new_round(leader)
        elif verb == "assess" and finding:
            assess(finding)
        elif verb == "solve" and finding:
            finding.solve_at_once("Gjort")
        elif verb == "propose" and finding:
            propose(finding, f"Tiltag {which}")
        elif verb == "reply" and action:
            action.reply(["yes", "no", "not_now"][which % 3], "Fordi", senior)
        elif verb == "finish" and action:
            action.finish()
        elif verb == "see" and action:
            action.see(bool(which % 2), "Sådan", leader)
    except ValidationError:
        return apv
    return apv


def ahead_of(phase, later) -> bool:
    phases = Apv.Phase.values
    return phases.index(later) > phases.index(phase)


def written() -> list[list]:
    """Everything, word for word."""
    models = Seat, ApvTheme, Statement, Finding, Assessment, Action
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def kept() -> list[set]:
    return [
        set(model.objects.values_list("pk", flat=True))
        for model in (Apv, ApvTheme, Finding, Assessment, Action)
    ]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.sampled_from(VERBS + COURSE), st.integers(0, 4)), max_size=20))
def test_nothing_is_acted_on_unassessed_and_nothing_is_lost(organisation, secretariat, steps):
    with transaction.atomic():
        apv = make_apv(organisation, secretariat)
        before = kept()
        for verb, which in steps:
            words, phase = written() if verb in RESTS else None, apv.phase
            apv = Apv.objects.get(pk=try_to(apv, verb, which).pk)
            assert words is None or words == written()
            now = kept()
            assert all(old <= new for old, new in zip(before, now, strict=True))
            before = now
            if apv.phase in Apv.WITH_A_PLAN:
                assert apv.sickness_absence
                if apv.state == "signed":
                    assert not Finding.objects.filter(theme__apv=apv).unassessed().exists()
            for action in Action.objects.all():
                said = action.assessment
                assert all([said.severity, said.extent, said.cause])
            if verb in Apv.WITH_A_PLAN and apv.phase == verb and ahead_of(phase, verb):
                assert not Finding.objects.filter(theme__apv=apv).unassessed().exists()
                assert not Statement.objects.filter(theme__apv=apv).exists()
        transaction.set_rollback(True)
