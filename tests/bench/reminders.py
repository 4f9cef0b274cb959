"""60,000 reminders due at once: written by the verb that closes agendas, sent by two workers.

    BENCH_REMINDERS=3000 make bench ONLY=reminders     a quick try

The floor is a bare smtplib loop that hands one of the same mails to the same sink, before and
after. Beside it stands the same loop as one would write it by hand: a mail made for each person by
the standard library, then handed over.
"""

import contextlib
import json
import os
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from config.child import Child
from tests.bench import house
from tests.bench.figure import Figure

GROUP = 6
REMINDERS = int(os.environ.get("BENCH_REMINDERS", "60000")) // GROUP * GROUP
PER_ORGANISATION = 3000
WORKERS = 2
REACH, WRITTEN_WITHIN = 0.6, 10
BARE = 3000  # letters of the bare loop
DATABASE = "bench_mail"


def measure() -> list[Figure]:
    house.new_database(DATABASE)
    say = json.loads(house.run(DATABASE, "-m", "tests.bench.reminders", "write"))
    house.settle(DATABASE)
    letter = say["letter"].encode()
    with sink() as port:
        before = bare(port, letter)
        used = _processor_time()
        seconds = work(port)
        used = _processor_time() - used
        after = bare(port, letter)
        by_hand = bare(port, letter, made_for_each=True)
    sent = _sent()
    if sent != REMINDERS:
        raise RuntimeError(f"{sent} of {REMINDERS} reminders were sent")
    floor = statistics.mean([before, after])
    rate = REMINDERS / seconds
    return [
        Figure.at_least(
            "reminders",
            rate,
            "mails/s",
            floor=floor,
            ratio=rate / floor,
            reach=REACH,
            note=f"{REMINDERS:,} by {WORKERS} workers in {seconds:.0f} s, "
            f"{used / REMINDERS * 1000:.2f} ms of processor each; "
            f"floor {before:,.0f} and {after:,.0f}",
        ),
        Figure.at_least(
            "reminders.by_hand",
            rate,
            "mails/s",
            floor=by_hand,
            ratio=rate / by_hand,
            reach=None,
            note="floor: the loop makes each mail, too",
        ),
        Figure.at_most("reminders.written", say["seconds"], "s", reach=WRITTEN_WITHIN),
    ]


@contextlib.contextmanager
def sink():
    """Gives the port of a mail server that keeps nothing: Debian's smtp-sink, else our own."""
    port = house.free_port()
    there = shutil.which("smtp-sink", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if there:
        command = [there, *(["-u", "nobody"] if os.geteuid() == 0 else [])]
        command += [f"127.0.0.1:{port}", "1000"]
    else:
        command = [sys.executable, "-m", "tests.bench.sink", str(port)]
    child = Child("sink", command, house.DATA / "log" / "sink.log", cwd=house.BASE)
    try:
        _wait_for(port, child)
        yield port
    finally:
        child.stop()


def _wait_for(port: int, child: Child) -> None:
    deadline = time.monotonic() + house.PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        if not child.running or time.monotonic() > deadline:
            raise RuntimeError(f"{child.name} does not answer:\n{child.last_words()}")
        time.sleep(0.02)


def bare(port: int, letter: bytes, made_for_each: bool = False) -> float:
    """Letters a second over one connection, without anything of ours."""
    parts = message_from_bytes(letter, policy=policy.SMTP)
    text, html = (parts.get_body((part,)).get_content() for part in ("plain", "html"))
    with smtplib.SMTP("127.0.0.1", port) as line:
        start = time.perf_counter()
        for number in range(BARE):
            to = f"leader{number}@example.org"
            content = _made(parts, text, html, to) if made_for_each else letter
            line.sendmail("pejling@example.org", [to], content)
        return BARE / (time.perf_counter() - start)


def _made(like: EmailMessage, text: str, html: str, to: str) -> bytes:
    mail = EmailMessage(policy.SMTP)
    mail["Subject"], mail["From"], mail["To"] = like["Subject"], like["From"], to
    mail["Message-ID"], mail["Date"] = make_msgid(domain="example.org"), localtime()
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def work(port: int) -> float:
    """Seconds from a common start until the last worker finds nothing more that is due."""
    environment = house.environment(DATABASE) | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "tests.bench.reminders", "deliver"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    workers = [
        subprocess.Popen(command, cwd=house.BASE, env=environment, **pipes) for _ in range(WORKERS)
    ]
    try:
        for worker in workers:
            worker.stdout.readline()  # it's ready
        start = time.perf_counter()
        for worker in workers:
            worker.stdin.close()
        if any(worker.wait(3600) for worker in workers):
            raise RuntimeError("a worker failed")
        return time.perf_counter() - start
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
            worker.stdout.close()


def _processor_time() -> float:
    """Of the workers that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sent() -> int:
    with contextlib.closing(house.connect(DATABASE)) as connection:
        query = "SELECT count(*) FROM notifications_delivery WHERE state = 'sent'"
        return connection.execute(query).fetchone()[0]


# ---- in a process of its own, which knows that database


def write() -> dict:
    """Groups that meet tomorrow, their reminders written as reconciling writes them."""
    from django.utils import timezone

    from meetings import reconciling

    gather(REMINDERS // GROUP)
    start = time.perf_counter()
    reconciling.remind_all(timezone.now())
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "letter": a_letter()}


def gather(groups: int) -> None:
    from datetime import time as clock
    from datetime import timedelta

    from django.utils import timezone

    from meetings.models import Invitation, Meeting, Series
    from networks.models import Group, Membership, Organisation, User
    from notifications.models import CalendarEntry

    now = timezone.now()
    towns = [
        Organisation.found(f"Kommune {number}", begun_at=now)
        for number in range(-(-groups * GROUP // PER_ORGANISATION))
    ]
    users = User.objects.bulk_create(
        [
            User(
                organisation=towns[n // PER_ORGANISATION],
                name=f"Leder {n} Holm",
                email=f"leder{n}@example.org",
                password="!",
            )
            for n in range(groups * GROUP)
        ],
        batch_size=2000,
    )
    circles = Group.objects.bulk_create(
        [
            Group(
                organisation=users[n * GROUP].organisation,
                kind=Group.Kind.NETWORK,
                name=f"Gruppe {n}",
                status="running",
            )
            for n in range(groups)
        ],
        batch_size=2000,
    )
    agreements = {town.pk: town.agreements.get() for town in towns}
    placed = [(circles[n // GROUP], user) for n, user in enumerate(users)]
    Membership.objects.bulk_create(
        [
            Membership(
                group=group,
                user=user,
                agreement=agreements[user.organisation_id],
                affirmed_at=now,
                joined_at=now,
            )
            for group, user in placed
        ],
        batch_size=2000,
    )
    today = timezone.localdate()
    series = Series.objects.bulk_create(
        [
            Series(
                group=group,
                starts_on=today + timedelta(days=1),
                ends_on=today + timedelta(days=1),
                time=clock(9),
                place="Rådhuset, lokale Fjorden",
                has_agenda=False,
            )
            for group in circles
        ],
        batch_size=2000,
    )
    meetings = []
    for one in series:
        meeting = Meeting.of(one, now + timedelta(days=1))
        meeting.agenda_opens_at = meeting.agenda_closes_at = now - timedelta(minutes=1)
        meetings.append(meeting)
    Meeting.objects.bulk_create(meetings, batch_size=2000)
    entries = CalendarEntry.objects.bulk_create(
        [
            CalendarEntry(uid=series[n // GROUP].uid, person=user, sequence=1, told_sequence=1)
            for n, user in enumerate(users)
        ],
        batch_size=2000,
    )
    Invitation.objects.bulk_create(
        [
            Invitation(series=series[n // GROUP], user=user, entry=entries[n])
            for n, user in enumerate(users)
        ],
        batch_size=2000,
    )


def a_letter() -> str:
    """One of the mails, as it goes out."""
    from django.utils import translation

    from meetings import mail
    from meetings.models import Meeting
    from notifications import delivery
    from notifications.models import Delivery

    row = Delivery.objects.select_related("recipient__organisation").first()
    meeting = Meeting.objects.for_page().get(pk=row.subject_id)
    with translation.override(row.recipient.language):
        return delivery.as_mail(row, mail.reminder(row, meeting)).message().as_bytes().decode()


def deliver() -> None:
    from django.db import connection

    from notifications.delivery import deliver_due

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.read()
    deliver_due()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    if sys.argv[1] == "write":
        json.dump(write(), sys.stdout)
    else:
        deliver()
