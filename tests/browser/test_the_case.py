"""The case from start to end, each step by whoever takes it: a theme day, what its guidepost led
to, and the guidepost's own page that tells it back.

Only people, their unit and their team are made beforehand; everything else they do themselves.
"""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from meetings.reconciling import reconcile
from tests.browser.conftest import DESK, da, look
from tests.factories import make_team, make_unit, make_user

DAY = "Hvad vil vi kendes på?"
WORDING = "Ingen leder står alene."
CHIEFS = "Chefgruppen i Ældre og Handicap"
PURPOSE = "At vi kan blive ved med at være ledere her."
SAID = "Jeg ringer ikke til nogen, når det går galt om aftenen."
FOUND = "Om aftenen står man alene med det svære."
ACTION = "Hver leder får en makker at ringe til"
EFFECT = "Vi ringer, før det brænder på."
ABSENCE = "Could sickness absence among leaders, as a whole, have to do with conditions at work?"
AT_A_MEETING = "APV: %(theme)s. Where is it well, where does it strain?"
ABOUT_IT = "“%(guidepost)s” Where have we seen that lately, and where was it missing?"
EDUCATION, COHORT = "Coachuddannelsen", "Hold 1"
DECIDED = "Alle ledere i Nord skal gennem coachuddannelsen"


def later(clock, when: str) -> None:
    """It is that day and hour, and what happens each minute has happened."""
    clock.move_to(f"2026-{when}:00+01:00")
    reconcile()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=da(name), exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=da(name), exact=True).first.click()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(da(label), exact=True).fill(text)


def unfold(page: Page, name: str) -> None:
    page.locator("summary").filter(has_text=da(name)).click()


def hears(page: Page, words: str) -> None:
    """It was done, and the page says so."""
    expect(page.get_by_role("status").filter(has_text=da(words))).to_be_visible()


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.fixture
def nord(organisation, leader, secretariat, clock):
    """Birgitte leads four leaders, who meet as her team; Amir is their AMO representative."""
    birgitte = make_user(organisation, "Birgitte Aagaard")
    unit = make_unit(organisation, name="Område Nord", kind="area", head=birgitte)
    names = ["Jonas Lindgaard", "Åse Winther", "Mikkel Brandt"]
    leaders = [leader, *[make_user(organisation, name) for name in names]]
    for person in leaders:
        person.move_to_unit(unit)
    amir = make_user(organisation, "Amir Haddad")
    make_team(organisation, leaders, senior_manager=birgitte, unit=unit, name="Ledergruppen i Nord")
    return SimpleNamespace(birgitte=birgitte, karen=leader, lone=secretariat, amir=amir)


def test_from_a_theme_day_to_a_guidepost_that_tells_it_all(nord, arrive, clock):
    karen, lone, birgitte = arrive(nord.karen), arrive(nord.lone, DESK), arrive(nord.birgitte, DESK)
    hold_a_theme_day(karen, lone)
    plan_meetings(birgitte)
    later(clock, "11-10T09:00")
    frame_an_apv(karen, lone)
    put_it_on_the_next_meeting(karen)
    later(clock, "11-24T08:01")
    later(clock, "11-25T12:00")
    find(karen, birgitte)
    assess_and_act(karen, birgitte)
    later(clock, "11-27T13:00")
    present(karen)
    later(clock, "11-30T10:00")
    decide(birgitte)
    start_the_education(lone)
    take_a_seat(karen)
    ask_about_it(karen)
    later(clock, "12-08T08:01")
    later(clock, "12-09T12:00")
    see_that_it_helped(karen)

    # The guidepost's page tells it all, in the order in which it happened.
    karen.goto("/")
    follow(karen, WORDING)
    titled(karen, WORDING)
    look(karen)
    assert told(karen) == [
        (da("Theme day"), DAY),
        (da("Worded"), WORDING),
        (da("Taken up by the leader-APV"), da("Leader-APV, %(unit)s") % {"unit": "Område Nord"}),
        (da("Leader meeting"), da(AT_A_MEETING) % {"theme": WORDING.rstrip(".")}),
        (da("What they found"), FOUND),
        (da("The senior manager said yes"), ACTION),
        (da("Presented"), CHIEFS),
        (da("Management decided"), DECIDED),
        (da("A coach education begins"), EDUCATION),
        (da("Coach education"), EDUCATION),
        (da("Leader meeting"), da(ABOUT_IT) % {"guidepost": WORDING}),
        (da("Done, and it helped"), ACTION),
    ]
    see_the_season(birgitte)


def hold_a_theme_day(karen: Page, lone: Page) -> None:
    lone.goto("/guideposts/")
    follow(lone, "Theme days")
    follow(lone, "Plan a theme day")
    write(lone, "What is the day called?", DAY)
    lone.get_by_label(da("Who comes?")).select_option(label="Område Nord")
    write(lone, "First day", "2026-11-09")
    look(lone)
    press(lone, "Make the board")
    titled(lone, DAY)

    karen.goto("/guideposts/")
    karen.get_by_role("link", name=DAY).click()
    for note in ("Ringe, før det brænder på", "At nogen tager telefonen"):
        write(karen, "Your note", note)
        press(karen, "Put it on the board")
        expect(karen.get_by_label(da("Your note"))).to_have_value("")
    press(lone, "Gather")
    for note in ("Ringe, før det brænder på", "At nogen tager telefonen"):
        lone.get_by_label(note).check()
    write(lone, "They belong under", "Vi har hinanden")
    press(lone, "Put them there")
    expect(lone.locator("section.cluster:not(.loose) .note")).to_have_count(2)
    press(lone, "Choose")
    karen.get_by_role("button", name=da("My dot")).click()
    expect(karen.locator(".choosing [aria-pressed=true]")).to_have_count(1)
    press(lone, "Word")
    write(lone, "Wording", WORDING)
    lone.get_by_label(da("Theme"), exact=True).select_option("support")
    press(lone, "Word it")
    for page in (lone, karen):
        expect(page.locator("#board .guidepost")).to_contain_text(WORDING)
    unfold(lone, "Finish the day")
    press(lone, "Finish the day")
    expect(lone.get_by_role("heading", name=da("What we steer by since then"))).to_be_visible()
    look(lone)

    # The guidepost stands, with the day it came from.
    karen.goto("/guideposts/")
    expect(karen.locator(".posts li")).to_have_count(1)
    expect(karen.locator(".posts li")).to_contain_text(DAY)
    look(karen)


def plan_meetings(birgitte: Page) -> None:
    birgitte.goto("/meetings/")
    follow(birgitte, "Plan meetings")
    birgitte.get_by_label(da("first date")).fill("2026-11-25")
    birgitte.get_by_role("textbox", name=da("place")).fill("Rådhuset")
    birgitte.get_by_role("textbox", name=da("place")).press("Tab")
    expect(birgitte.locator("#preview")).to_contain_text("9. december")
    press(birgitte, "Plan the season")
    hears(birgitte, "The season is planned.")


def frame_an_apv(karen: Page, lone: Page) -> None:
    """The secretariat begins it; a small group carries it on."""
    lone.goto("/guideposts/")
    follow(lone, "Leader-APV")
    look(lone)
    follow(lone, "Begin an APV")
    lone.get_by_label(da("For which unit?")).select_option(label="Område Nord")
    write(lone, "What do you want with it?", PURPOSE)
    look(lone)
    press(lone, "Begin")
    hears(lone, "Begun. Now who takes part?")
    for name, role in [("Karen Holm", "leader"), ("Amir Haddad", "AMO representative")]:
        write(lone, "Who?", name)
        lone.get_by_label(da(role), exact=True).check()
        press(lone, "Appoint")
        hears(lone, "Appointed.")
        expect(lone.get_by_label(da("Who?"), exact=True)).to_have_value("")
    lone.get_by_label(da("A guidepost"), exact=True).select_option(label=WORDING)
    press(lone, "Add the theme")
    hears(lone, "The theme is there.")
    look(lone)

    open_the_apv(karen)
    look(karen)
    go_on_to(karen, "Map")


def put_it_on_the_next_meeting(karen: Page) -> None:
    """What the theme has to say is looked into where they meet anyway, and written down there."""
    follow(karen, WORDING)
    titled(karen, WORDING)
    press(karen, "Put it on the agenda")
    hears(karen, "It is on its way to the agenda.")
    expect(karen.locator("#agenda")).to_contain_text(WORDING.rstrip("."))
    look(karen)


def find(karen: Page, birgitte: Page) -> None:
    open_the_theme(karen)
    expect(karen.locator(".page-head")).to_contain_text("Ledergruppen i Nord")  # talked about there
    write(karen, "What is there to say about it?", SAID)
    look(karen)
    press(karen, "Say it")
    hears(karen, "Said, and nobody knows who.")
    unfold(karen, "Write down a finding")
    karen.get_by_role("checkbox", name=SAID).check()
    write(karen, "What did you find?", FOUND)
    press(karen, "Write it down")
    expect(karen.get_by_role("link", name=FOUND)).to_be_visible()

    # The leaders let their senior manager read what was said.
    open_the_apv(karen)
    unfold(karen, "Release the statements")
    press(karen, "Yes, release them")
    hears(karen, "Released. The senior manager can read the statements now.")
    birgitte.goto(karen.url)
    follow(birgitte, WORDING)
    expect(birgitte.get_by_text(SAID)).to_be_visible()
    look(birgitte)


def assess_and_act(karen: Page, birgitte: Page) -> None:
    """Assessed in a line each, the absence considered as a whole, and then acted on."""
    go_on_to(karen, "Assess")
    open_the_theme(karen)
    karen.get_by_role("link", name=FOUND).click()
    write(karen, "How serious is it?", "Det slider over tid")
    write(karen, "How widespread is it?", "Mest i de små huse")
    write(karen, "What is it due to?", "Vi ved ikke, hvem man kan ringe til")
    look(karen)
    press(karen, "Assess it")
    hears(karen, "Assessed.")
    follow(karen, "Consider sickness absence as a whole first. Then you can act.")
    karen.get_by_label(da(ABSENCE)).fill("Set under ét følger fraværet de travleste uger.")
    press(karen, "Save")
    hears(karen, "Saved.")
    open_the_apv(karen)
    go_on_to(karen, "Act")
    open_the_theme(karen)
    karen.get_by_role("link", name=FOUND).click()
    write(karen, "What is to be done?", ACTION)
    karen.get_by_label(da("Who?"), exact=True).select_option(label="Karen Holm")
    write(karen, "By when?", "2026-12-04")
    write(karen, "How do you see that it helps?", "Vi ringer til hinanden")
    look(karen)
    press(karen, "Propose it")
    expect(karen.get_by_role("link", name=ACTION)).to_be_visible()

    # The guidepost's page asks the senior manager, whose answer is for all to read.
    birgitte.goto("/")
    follow(birgitte, WORDING)
    look(birgitte)
    follow(birgitte, "Answer it")
    birgitte.get_by_label(da("yes"), exact=True).check()
    write(birgitte, "Why?", "Det skulle vi have gjort for længst.")
    look(birgitte)
    press(birgitte, "Answer")
    hears(birgitte, "Answered, for all to read.")
    look(birgitte)


def go_on_to(page: Page, phase: str) -> None:
    words = da("Go on to “%(phase)s”") % {"phase": da(phase)}
    page.get_by_role("button", name=words).click()
    hears(page, "On you go.")


def open_the_apv(page: Page) -> None:
    page.goto("/guideposts/")
    follow(page, "Leader-APV")
    page.get_by_role("link", name=re.compile("Område Nord")).click()


def open_the_theme(page: Page) -> None:
    open_the_apv(page)
    follow(page, WORDING)
    titled(page, WORDING)


def present(karen: Page) -> None:
    open_the_apv(karen)
    follow(karen, "Present it to management")
    write(karen, "To whom?", CHIEFS)
    look(karen)
    press(karen, "Put it together")
    expect(karen.get_by_text(FOUND)).to_be_visible()
    look(karen)


def decide(birgitte: Page) -> None:
    birgitte.goto("/guideposts/")
    follow(birgitte, "Decisions")
    birgitte.get_by_role("link", name=CHIEFS).click()
    follow(birgitte, "Write down what was decided")
    write(birgitte, "What was decided?", DECIDED)
    expect(birgitte.get_by_label(WORDING)).to_be_checked()  # it stands on what was presented
    look(birgitte)
    press(birgitte, "Write it down")
    titled(birgitte, DECIDED)
    look(birgitte)


def start_the_education(lone: Page) -> None:
    """It grows out of the decision, and its days carry the guidepost."""
    lone.goto("/guideposts/")
    follow(lone, "Decisions")
    follow(lone, DECIDED)
    follow(lone, "Start the coach education")
    write(lone, "What is it called?", EDUCATION)
    look(lone)
    press(lone, "Start")
    titled(lone, EDUCATION)
    write(lone, "What is the cohort called?", COHORT)
    press(lone, "Plan a cohort")
    titled(lone, COHORT)
    write(lone, "Which day?", "2026-12-03")
    write(lone, "Where?", "Højskolen")
    lone.get_by_label(da("Which guidepost does the day carry?")).select_option(label=WORDING)
    press(lone, "Plan the day")
    expect(lone.locator(".course")).to_contain_text(WORDING)
    look(lone)
    follow(lone, EDUCATION)
    ask = lone.locator("form.notice").get_by_role("button")
    expect(ask).to_contain_text("4")  # the leaders of Nord
    ask.click()
    expect(ask).to_have_count(0)
    look(lone)


def take_a_seat(karen: Page) -> None:
    karen.goto("/guideposts/")
    follow(karen, "Coach education")
    follow(karen, EDUCATION)
    look(karen)
    press(karen, f"{da('Take a seat')} {COHORT}")
    hears(karen, "The seat is yours. The days come to your calendar in a few minutes.")
    look(karen)


def ask_about_it(karen: Page) -> None:
    """One tap, and it is on its way to their next meeting."""
    karen.goto("/")
    follow(karen, WORDING)
    titled(karen, WORDING)
    press(karen, "Put it on the agenda")
    hears(karen, "It is on its way to the agenda. Put it otherwise if you like.")
    expect(karen.locator("#agenda")).to_contain_text(WORDING)


def see_that_it_helped(karen: Page) -> None:
    open_the_apv(karen)
    karen.get_by_role("link", name=re.compile(da("The plan"))).click()
    follow(karen, ACTION)
    press(karen, "It is done")
    hears(karen, "Done. Did it help?")
    karen.get_by_label(da("yes"), exact=True).check()
    write(karen, "What came of it?", EFFECT)
    look(karen)
    press(karen, "Save")
    hears(karen, "Good.")


def told(page: Page) -> list[tuple[str, str]]:
    """The thread as it reads: what kind of thing it was, and in which words."""
    knots = [knot.inner_text().splitlines() for knot in page.locator(".thread > .knot").all()]
    return [(lines[0].split(" · ")[1], next(filter(None, lines[1:]))) for lines in knots]


def see_the_season(birgitte: Page) -> None:
    """All of it on one page, as a picture and as a table."""
    birgitte.goto("/guideposts/")
    follow(birgitte, "Season map")
    picture = birgitte.get_by_role("img", name="2026")
    for words in (DAY, WORDING, DECIDED, EDUCATION):
        expect(picture).to_contain_text(words)
    unfold(birgitte, "The same as a table")
    for words in (DAY, WORDING, DECIDED, EDUCATION):
        expect(birgitte.get_by_role("table")).to_contain_text(words)
    look(birgitte)
