"""Where mails are kept when there is no mail server: a folder of .eml files, in order."""

import itertools
import os
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes each mail to its own numbered file, complete or not at all."""

    def __init__(self, file_path, **kwargs):
        super().__init__(**kwargs)
        self.folder = Path(file_path)

    def send_messages(self, email_messages):
        self.folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            self._write(mail.message().as_bytes())
        return len(email_messages)

    def _write(self, content: bytes):
        part = self.folder / f".{os.getpid()}-{id(content)}.part"
        part.write_bytes(content)
        for number in itertools.count(len(list(self.folder.glob("*.eml"))) + 1):
            try:
                os.link(part, self.folder / f"{number:06d}.eml")
            except FileExistsError:  # another process took this number
                continue
            break
        part.unlink()


@dataclass(frozen=True)
class KeptMail:
    number: int
    arrived: datetime
    message: EmailMessage

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, subtype: str) -> str:
        part = self.message.get_body((subtype,))
        return part.get_content() if part else ""


def newest(count: int) -> list[KeptMail]:
    files = sorted(settings.MAIL_FOLDER.glob("*.eml"), reverse=True)[:count]
    return [_read(path) for path in files]


def kept(number: int) -> KeptMail | None:
    path = settings.MAIL_FOLDER / f"{number:06d}.eml"
    return _read(path) if path.exists() else None


def _read(path: Path) -> KeptMail:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    arrived = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    return KeptMail(int(path.stem), arrived, message)
