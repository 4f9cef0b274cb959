"""People at their devices: a real browser, a real mail server, the pages served over HTTP."""

import os
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import translation
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import MONDAY

QUIETLY = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ASKED = {"resultTypes": ["violations"], "preload": False}  # of axe
AT_REST = """Promise.allSettled(document.getAnimations()
    .filter((one) => one instanceof CSSTransition).map((one) => one.finished))"""
PATIENCE = 8_000  # milliseconds
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def da(text: str) -> str:
    """What stands there for a person who reads Danish."""
    with translation.override("da"):
        return translation.gettext(text)


@pytest.fixture(scope="package")
def chromium():
    # Playwright keeps an event loop in this thread, and Django then takes every query for async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=QUIETLY
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def site(live_server, settings):
    """Links in mails lead to the server of the test."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def arrive(chromium, site):
    """`arrive(person)` answers a page of somebody who is signed in; without a person, signed out.

    At the end nothing may have been said on the console: no script failed, the policy blocked
    nothing.
    """
    contexts, said = [], []

    def note(message):
        # that a form was answered with 422, and that there is no network, is noted by it, too
        noted = ("422", "ERR_INTERNET_DISCONNECTED")
        if message.type in ("error", "warning") and not any(n in message.text for n in noted):
            said.append(f"{message.location['url']}: {message.text}")

    def arrive(person=None, screen=PHONE, **options) -> Page:
        context = chromium.new_context(base_url=site, viewport=screen, locale="da-DK", **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if person:
            sign_in(context, person, site)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert said == []


def sign_in(context, person, site: str) -> None:
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


class Post:
    """What arrived at the mail server, oldest first."""

    def __init__(self):
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def newest_to(self, person) -> EmailMessage:
        return [mail for mail in self.mails if mail["To"] == person.email][-1]


@pytest.fixture
def post(settings):
    """A real SMTP server."""
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    yield post
    server.stop()


@pytest.fixture
def clock():
    """The clock goes on from an ordinary Monday at ten and can be put forward."""
    with time_machine.travel(MONDAY, tick=True) as clock:
        yield clock


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page, and whether it is wider than its window.

    A page that sends or fetches, or whose colours are just changing, is looked at when it has come
    to rest.
    """
    page.wait_for_load_state()
    expect(page.locator("form[aria-busy=true], .htmx-request")).to_have_count(0)
    page.evaluate(AT_REST)
    found = [
        f"{page.url}: {violation['help']}: {node['html']}"
        for violation in Axe().run(page, options=ASKED).response["violations"]
        for node in violation["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"{page.url}: {wide} px too wide"] if wide > 0 else found


def look(page: Page) -> None:
    assert faults(page) == []
