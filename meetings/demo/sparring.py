"""Fyret helps one another: two talks behind it, a question that waits for today, and somebody in
Kompasset who would like ten minutes.
"""

from datetime import datetime, timedelta

from meetings.models import Case, Meeting, Notes, Part, Sparring, TenMinutes
from networks.models import Group

KARENS = (
    "Min bedste medarbejder tager opgaver fra de andre, før de når at lære dem. Hvordan siger jeg "
    "det, uden at hun mister lysten?"
)
KARENS_NOTES = (
    "Jeg forklarer for meget. Spørg hende først, hvad hun selv ser.\n\n"
    "Amir: ”Jeg lærte at tie i ti sekunder.” Prøv det på tirsdagsmødet.\n\n"
    "Det er ikke venlighed at vente et halvt år mere."
)
KARENS_OUTCOME = "Vi har talt sammen to gange. Hun havde selv set det og var mest lettet."
AMIRS = "Jeg vil lægge to hold sammen efter nytår. Hvad har jeg overset?"
DORTES = "Jeg er begyndt at undgå de møder, hvor vi er uenige. Hvordan kommer jeg tilbage i dem?"
DORTES_LIMIT = "Ikke flere gode råd om mødeledelse"


def help_one_another(organisation, cast, now: datetime) -> None:
    fyret = Group.objects.get(organisation=organisation, name="Fyret")
    karen, jonas, dorte, amir, ida = (
        cast[name]
        for name in (
            "Karen Holm",
            "Jonas Lindgaard",
            "Dorte Nygaard",
            "Amir Haddad",
            "Ida Sander",
        )
    )
    behind = Meeting.objects.standing().filter(series__group=fyret, ends_at__lt=now)
    *_older, before, newest = [None, None, *behind.for_page().order_by("starts_at")]
    if before:
        talk = talk_over(before, karen, KARENS, "challenge", host=dorte, timekeeper=amir)
        Notes.objects.write(talk, KARENS_NOTES, at=talk.closed_at)
        talk.keep(at=talk.closed_at + timedelta(days=1))
        talk.tell(KARENS_OUTCOME, at=now - timedelta(days=12))
    if newest:
        talk_over(newest, amir, AMIRS, "test", host=ida, timekeeper=jonas, asks_again=1)
    Case.objects.bring(
        fyret,
        by=dorte,
        question=DORTES,
        wants="challenge",
        not_wanted=DORTES_LIMIT,
        at=now - timedelta(days=2),
    )
    kompasset = Group.objects.get(organisation=organisation, name="Kompasset")
    TenMinutes.objects.ask(kompasset, by=cast["Mikkel Brandt"], at=now - timedelta(minutes=25))


def talk_over(meeting, focus, question, wants, *, host, timekeeper, asks_again=0) -> Sparring:
    begun = meeting.starts_at + timedelta(minutes=30)
    Case.objects.bring(
        meeting.group,
        by=focus,
        question=question,
        wants=wants,
        at=begun - timedelta(days=3),
    )
    talk = Sparring.objects.prepare(meeting, by=host, at=begun - timedelta(minutes=5))
    for role, person in [
        (Part.Role.FOCUS, focus),
        (Part.Role.HOST, host),
        (Part.Role.TIMEKEEPER, timekeeper),
    ]:
        talk.take(role, person)
    talk.start(by=host, at=begun)
    talk.close(asks_again=asks_again, at=begun + timedelta(hours=1))
    return talk
