"""A sparring session from the question to the end, on two devices in one room."""

from datetime import timedelta

from playwright.sync_api import expect

from meetings.models import CaseCount, Notes, Sparring
from meetings.reconciling import reconcile
from tests.browser.conftest import da, look
from tests.factories import in_days, make_group, make_series, make_user
from wellbeing.models import Guidepost, Theme

QUESTION = "Hvordan siger jeg det, uden at nogen mister lysten?"
NOTE = "Spørg først, hvad hun selv ser"


def button(page, words):
    return page.get_by_role("button", name=da(words), exact=True)


def test_from_the_question_to_the_end(organisation, leader, arrive, clock):
    jonas = make_user(organisation, "Jonas Lindgaard")
    others = [make_user(organisation, name) for name in ("Amir", "Dorte", "Ida")]
    fyret = make_group(organisation, [jonas, leader, *others], name="Fyret", status="running")
    Guidepost.objects.create(
        organisation=organisation, wording="Vi spørger, før vi svarer", theme=Theme.GROWTH
    )
    series = make_series(fyret, in_days(1), meetings=2, interval_days=35)
    meeting, following = series.meetings.order_by("starts_at")

    # Karen brings her question from the group's page: one field, one tap.
    phone = arrive(leader)
    phone.goto(fyret.get_absolute_url())
    phone.get_by_text(da("Bring a question")).click()
    phone.get_by_label(da("What would you like help with?")).fill(QUESTION)
    look(phone)
    button(phone, "test my decision").click()
    expect(phone.locator("#cases .list")).to_contain_text(QUESTION)
    look(phone)

    # The day has come. Jonas, who tends the group, gets ready on the one device in the room.
    clock.move_to(meeting.starts_at + timedelta(minutes=5))
    table = arrive(jonas)
    table.goto(meeting.get_absolute_url())
    button(table, "Get ready for the talk").click()
    expect(table.locator("#talk")).to_contain_text(QUESTION)
    look(table)
    table.locator("#host-pass").click()
    expect(table.locator("#talk")).to_contain_text("Dorte")
    table.locator("#focus-yes").click()
    expect(table.locator("#focus-yes")).to_have_count(0)
    table.get_by_role("button", name="Det lyttende team").click()
    expect(table.locator("#talk")).to_contain_text("Interviewer")
    look(table)
    phone.goto(table.url)
    expect(phone.locator("#talk")).to_contain_text(da("Your question"))
    look(phone)
    button(table, "Start").click()

    # The clock runs by itself; Karen's device follows, and there she writes.
    phase = table.locator("#now-title")
    expect(phase).to_have_text("Ramme")
    expect(table.locator(".time-left")).to_contain_text(":")
    look(table)
    expect(phone.locator("#now-title")).to_have_text("Ramme")
    # Written in two goes, as people do: a save that waits is lost where the phase is swapped in
    # beside it, and made good with the next letter.
    phone.get_by_label(da("My notes")).fill(NOTE[:-1])
    phone.wait_for_timeout(4_000)
    phone.get_by_label(da("My notes")).fill(NOTE)
    expect(phone.locator("#notes-kept")).not_to_be_empty()
    look(phone)
    expect(table.locator("textarea")).to_have_count(0)
    button(table, "+2 minutes").click()
    expect(table.locator(".time-left")).to_contain_text("4:")
    button(table, "Pause").click()
    expect(button(table, "Go on")).to_be_visible()
    table.reload()
    button(table, "Go on").click()
    expect(button(table, "Pause")).to_be_visible()
    for title in ("Samtale", "Pause", "Teamet taler sammen", "Ekko", "Skridt", "Slut"):
        table.locator("#next").click()
        expect(phase).to_have_text(title)
    table.locator("#next").click()
    expect(phase).to_have_text(da("Thank you for the talk"))
    expect(table.locator("#talk")).to_contain_text("Giv dine noter til Karen Holm")
    look(table)
    table.get_by_label(da("Did it touch a guidepost?")).select_option(index=1)
    button(table, "Finish").click()
    expect(table.locator("#talk")).to_contain_text(da("Talked over. Thank you."))
    look(table)
    assert CaseCount.objects.get().number == 1

    # Karen finds her notes again; the group asks her at its next meeting.
    phone.goto("/me/notes/")
    look(phone)
    phone.get_by_role("link", name=QUESTION).click()
    expect(phone.get_by_label(da("My notes"))).to_have_value(NOTE)
    look(phone)
    phone.get_by_label(da("What became of it? One line to the group, if you like")).fill("Godt.")
    button(phone, "Tell the group").click()
    table.goto(following.get_absolute_url())
    expect(table.locator("#talks")).to_contain_text("Vi spørger Karen Holm igen")
    expect(table.locator("#talks")).to_contain_text("Godt.")
    look(table)

    # A week later nothing of it is left.
    clock.move_to(following.ends_at + timedelta(days=7, minutes=1))
    reconcile()
    assert (Notes.objects.count(), Sparring.objects.get().case) == (0, None)
    phone.reload()
    expect(phone.locator("main")).to_contain_text(
        da("The question and the notes are deleted, as agreed.")
    )
