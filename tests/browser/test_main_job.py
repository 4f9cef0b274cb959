"""The main job from end to end, as people do it: plan, begin, ask, support, meet.

In a real browser, over HTTP, with a real mail server; only the clock is put forward.
"""

import re
from datetime import date

from playwright.sync_api import expect

from meetings.models import Series
from meetings.reconciling import reconcile
from networks.models import ClosingPeriod
from notifications.delivery import deliver_due
from tests.browser.conftest import DESK, da, look
from tests.factories import make_team, make_user

SENTENCE = "Jeg har brug for, at vi taler om det svære."
QUESTION = "Hvordan får vi tid til at tænke?"


def tick():
    """What happens each minute."""
    reconcile()
    deliver_due()


def link_in(mail) -> str:
    return re.search(r"http\S+", mail.get_body(("plain",)).get_content())[0]


def test_from_the_plan_to_the_agenda(organisation, leader, arrive, post, clock):
    karen = leader
    jonas, birgitte = (
        make_user(organisation, name) for name in ("Jonas Lindgaard", "Birgitte Aagaard")
    )
    make_team(organisation, [karen, jonas], begun=False, senior_manager=birgitte, name="Nord")
    ClosingPeriod.objects.create(
        organisation=organisation,
        name="Juleferie",
        starts_on=date(2026, 12, 23),
        ends_on=date(2027, 1, 1),
    )

    # The senior manager plans a season and sees its dates before she says yes.
    manager = arrive(birgitte, DESK)
    manager.goto("/meetings/")
    look(manager)
    manager.get_by_role("link", name=da("Plan meetings")).click()
    manager.get_by_label(da("first date")).fill("2026-11-18")
    manager.get_by_role("textbox", name=da("place")).fill("Rådhuset, lokale Fjorden")
    manager.get_by_role("textbox", name=da("place")).press("Tab")
    dates = manager.locator("#preview")
    expect(dates).to_contain_text("16. december")
    expect(dates.locator(".skipped")).to_have_text("Onsdag den 30. december Juleferie")
    look(manager)
    manager.get_by_role("button", name=da("Plan the season")).dblclick()
    expect(manager.get_by_role("status")).to_contain_text(da("The season is planned."))
    expect(manager.locator(".season > li")).to_have_count(3)
    assert Series.objects.count() == 1
    look(manager)

    # Nobody hears of it until she begins, with a sentence of her own.
    tick()
    assert post.mails == []
    manager.get_by_role("link", name="Nord").first.click()
    sentence = da("One sentence of your own, for the first invitation")
    manager.get_by_label(sentence).fill(SENTENCE)
    look(manager)
    manager.get_by_role("button", name=da("We begin")).click()
    expect(manager.get_by_text(da("You are rehearsing"))).to_have_count(0)
    tick()
    assert len(post.mails) == 3
    assert SENTENCE in post.newest_to(karen).get_body(("plain",)).get_content()

    # A week before the meeting the leaders are asked. Karen opens the link and signs in by code.
    clock.move_to("2026-11-11T08:01:00+01:00")
    tick()
    asked = post.newest_to(karen)
    day = "onsdag den 18. november"
    assert asked["Subject"] == da("What shall we talk about %(day)s?") % {"day": day}
    phone = arrive()
    phone.goto(link_in(asked))
    look(phone)
    phone.get_by_label(da("Your e-mail at work")).fill(karen.email)
    phone.get_by_role("button", name=da("Send me a code")).click()
    code = phone.get_by_label(da("The code"))
    expect(code).to_be_focused()
    look(phone)
    sent = post.newest_to(karen).get_body(("plain",)).get_content()
    code.fill(re.search(r"^ {4}(\S+)", sent, re.MULTILINE)[1])
    phone.get_by_role("button", name=da("Sign in")).click()

    # She lands with the cursor in the one field.
    field = phone.get_by_label(da("What shall we talk about?"))
    expect(field).to_be_focused()
    look(phone)
    phone.keyboard.type(QUESTION)
    phone.get_by_role("button", name=da("Put it on the agenda")).click()
    expect(phone.locator("#agenda li .voice")).to_have_text(QUESTION)
    expect(phone.get_by_label(da("What shall we talk about?"))).to_have_value("")
    look(phone)

    # Jonas wants that too: one tap, and he sees that it counted.
    other = arrive(jonas)
    other.goto("/")
    other.get_by_role("button", name=da("Me too")).click()
    expect(other.get_by_role("button", name=f"{da('Me too')} · 1")).to_have_attribute(
        "aria-pressed", "true"
    )
    look(other)

    # What isn't a question yet is nudged, never refused.
    other.get_by_label(da("What shall we talk about?")).fill("Vagtplanen")
    other.get_by_role("button", name=da("Put it on the agenda")).click()
    nudge = other.get_by_text(
        da("Can it become a question? Then we all know when we are done with it.")
    )
    expect(nudge).to_be_visible()
    other.get_by_text(da("Change"), exact=True).click()
    other.get_by_label(da("Your question"), exact=True).fill("Hvordan taler vi om vagtplanen?")
    look(other)
    other.get_by_role("button", name=da("Save")).click()
    expect(other.locator("#agenda")).to_contain_text("Hvordan taler vi om vagtplanen?")
    expect(nudge).to_have_count(0)

    # Operations are parked by the one who asks, and come back when they were about how.
    other.get_by_label(da("What shall we talk about?")).fill("Hvem har nøglen?")
    other.get_by_role("button", name=da("This is about operations")).first.click()
    expect(other.get_by_role("heading", name=da("Parked by you"))).to_be_visible()
    look(other)
    other.get_by_role("button", name=da("It is about how, after all")).click()
    expect(other.get_by_role("heading", name=da("Parked by you"))).to_have_count(0)
    expect(other.locator("#agenda li .voice")).to_have_count(3)

    # The working day before, the agenda is made and mailed: it is the reminder.
    clock.move_to("2026-11-17T08:01:00+01:00")
    tick()
    agenda = post.newest_to(karen)
    assert agenda["Subject"] == da("The agenda for %(when)s") % {"when": f"{day} kl. 9.00"}
    lines = agenda.get_body(("plain",)).get_content().splitlines()
    assert "Rådhuset, lokale Fjorden" in lines[0]
    assert any(QUESTION in line for line in lines)
    phone.goto(link_in(agenda))
    first = phone.locator(".agenda > li").first
    expect(first).to_contain_text(QUESTION)
    expect(first).to_contain_text(da("More of you want to talk about it"))
    look(phone)
