"""A mail of text and HTML as bytes.

The standard library parses each header anew to write it, which takes three times as long as
handing the mail over. What is plain is written here, of the library's own pieces; whatever isn't
(a calendar part, an address that isn't ASCII) goes Django's way.
"""

import binascii
import email.policy
from email.header import Header
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

LINE = 76


class Mail(EmailMultiAlternatives):
    """Keeps a long link in a header whole: Python would write it as an encoded word, which mail
    programs don't follow.
    """

    def message(self, *, policy=email.policy.default):
        if self._is_plain:
            return Letter(self)
        headers = HeaderRegistry()
        headers.map_to_type("List-Unsubscribe", _Whole)
        return super().message(policy=policy.clone(header_factory=headers))

    @property
    def _is_plain(self) -> bool:
        addresses = [*self.to, *self.reply_to]
        return (
            not (self.attachments or self.cc)
            and [one.mimetype for one in self.alternatives] == ["text/html"]
            and all(one.isascii() and "@" in one for one in addresses)
        )


class _Whole(UnstructuredHeader):
    def fold(self, *, policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class Letter:
    """What Django's mail backends ask of a message: its bytes."""

    def __init__(self, mail: Mail):
        self.mail = mail

    def as_string(self) -> str:
        return self.as_bytes().decode("ascii")

    def as_bytes(self, *_policy) -> bytes:
        mail = self.mail
        # Not to be found in what is quoted-printable.
        boundary = f"=_{mail.extra_headers['Message-ID'].strip('<>').partition('@')[0]}"
        headers = {
            "Subject": _encoded(mail.subject, "Subject"),
            "From": _address(mail.from_email),
            "To": ", ".join(mail.to),
            "Reply-To": ", ".join(mail.reply_to),
            "Date": format_datetime(timezone.now()),
            **mail.extra_headers,
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
        }
        lines = [f"{name}: {_one_line(value)}" for name, value in headers.items() if value]
        html = mail.alternatives[0].content
        return b"".join(
            [
                "\r\n".join(lines).encode("ascii"),
                _part(boundary, "plain", mail.body),
                _part(boundary, "html", html),
                f"\r\n--{boundary}--\r\n".encode("ascii"),
            ]
        )


def _part(boundary: str, subtype: str, text: str) -> bytes:
    head = (
        f"\r\n\r\n--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    content = "\r\n".join(text.splitlines()) + "\r\n"
    return head.encode("ascii") + binascii.b2a_qp(content.encode())


def _one_line(value: str) -> str:
    """Folded lines go on with a space; anything else would be a header of somebody else's."""
    if "\n" in value.replace("\r\n ", "") or "\r" in value.replace("\r\n ", ""):
        raise ValueError("A header can't hold a line break.")
    return value


@lru_cache(maxsize=200)
def _encoded(text: str, name: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, LINE, name).encode(linesep="\r\n")


@lru_cache(maxsize=20)
def _address(text: str) -> str:
    return formataddr(parseaddr(text))
