"""Every mail in every shape it can take, in both languages, as text and as HTML."""

import os
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings

from networks.models import Organisation, User
from notifications import kinds
from notifications.delivery import as_mail
from notifications.models import Delivery
from tests import letters
from tests.test_project import assert_fit_to_send

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.django_db]

LANGUAGES = ("da", "en")
GONE = ("left", "left by feed", "place rests")
BESIDE_THE_SENDER = 60  # characters of a subject that a list of mails has room for
A_LINE = 78  # RFC 5322 section 2.1.1


@pytest.fixture
def house():
    return letters.House()


def test_every_mail_in_every_shape(house):
    written = set()
    for letter in letters.every_letter(house):
        written |= {name for name, _subject in letter.about}
        for language in LANGUAGES:
            message = letter.written(language)
            _write_down(letter, language, message)
            assert_fit_to_send(message, language)
            assert len(message.subject) <= BESIDE_THE_SENDER
            assert "\n\n\n" not in message.text
            if letter.name.partition("changed ")[2] not in GONE:  # there is nothing to see any more
                assert settings.SITE_URL in message.text
            if letter.about_network:
                assert letters.QUESTION not in f"{message.text}{message.html}"
    assert written == {*kinds.of_class(kinds.MUST_REACH), *kinds.of_class(kinds.CHOSEN)}


def _write_down(letter, language, message) -> None:
    """For somebody to read: no test knows whether words sound right."""
    if directory := os.environ.get("MAILS"):
        path = Path(directory) / f"{language} {letter.name}".replace(" ", "-")
        path.with_suffix(".txt").write_text(f"{message.subject}\n\n{message.text}")
        path.with_suffix(".html").write_text(message.html)


HURTING = "Fyret”\r\nBcc: alle@example.org\r\n\r\n<b>Æ&Ø 🚣 og et meget langt navn bagefter"


def test_names_that_hurt_reach_a_mailbox_as_they_are(house):
    """Line breaks, quotes, signs of HTML, a boat, and much too long."""
    house.names = {"team": HURTING, "network": f"2. {HURTING}"}
    Organisation.objects.filter(pk=house.organisation.pk).update(name=HURTING)
    User.objects.filter(pk=house.jonas.pk).update(name=HURTING)
    house.organisation.refresh_from_db()
    for letter in letters.every_letter(house):
        message = letter.written("da")
        read = _as_it_arrives(letter, message)
        assert read["Bcc"] is None
        assert read["To"] == house.karen.email
        assert read["Subject"] == " ".join(message.subject.split())
        assert len(read["Subject"]) <= 110
        assert "<b>" not in message.html
        if "Fyret" in read["Subject"]:
            assert read["Subject"].count("…") == 1


def _as_it_arrives(letter, message):
    kind, subject = letter.about[0]
    row = Delivery(kind=kind, subject_id=subject.pk, version="0", recipient=letter.to)
    mail = as_mail(row, message)
    sent = mail.message().as_bytes()
    head, _, _body = sent.replace(b"\r\n", b"\n").partition(b"\n\n")
    assert head.isascii()
    assert all(len(line) <= A_LINE for line in head.splitlines() if b"<http" not in line)
    read = message_from_bytes(sent, policy=policy.default)
    assert read["Message-ID"] == row.message_id
    assert mail.message().as_bytes().count(row.message_id.encode()) == 1
    chosen = kinds.get(kind).preference == kinds.CHOSEN
    assert ("List-Unsubscribe" in read, "List-Unsubscribe-Post" in read) == (chosen, chosen)
    text = read.get_body(("plain",)).get_content()
    assert text.split() == message.text.split()
    return read


def test_the_secretariat_can_tell_every_kind_from_its_name(house):
    """On the list of mails that did not arrive, where what they say isn't shown."""
    assert [name for name, kind in kinds._kinds.items() if not kind.words] == []
