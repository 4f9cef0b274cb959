"""What came of it: the guideposts decided how leader meetings are held, and when the APV of area
Nord was presented, that all leaders go through the coach education.
"""

from datetime import datetime, timedelta

from meetings.demo.workdays import at_work
from networks.models import User
from wellbeing.models import Apv, Decision, Presentation

BEGUN_WITH = 119  # days ago: when the meetings had just begun
TO_THE_CHIEFS = "chefgruppen i Ældre og Handicap"
SENTENCE = (
    "Vi har fået sat ord på det, der slider, og prøvet tre ting af. Det, der flytter mest, er, når "
    "vi bruger hinanden, og det vil vi gerne blive bedre til."
)
COACHES = "Alle ledere skal gennem coachuddannelsen"
COACHES_WHY = (
    "Når ledere kan coache hinanden, står ingen alene, og det halvfærdige bliver sagt, før det "
    "brænder på. Det er billigere end at miste dem."
)
PROCESS = "Ledermøderne handler om proces og dialog, driften tages et andet sted"
PROCESS_WHY = "Pejlemærkerne lever kun, hvis der er tid til at tale om dem."
PROCESS_BECAME = "Det holder. To møder gled over i drift, og vi fik dem tilbage på sporet."
AFTERNOONS = "Ledermøderne i Nord flyttes til fredag eftermiddag"
NO_AFTERNOONS = "Halvdelen af husene kunne ikke være med. Vi blev klogere."


def begin_with_the_guideposts(senior: User, now: datetime) -> None:
    """Birgitte's own: it comes back to her today, for the second time."""
    ago = lambda days: at_work(senior.organisation, now - timedelta(days=days))  # noqa: E731
    at, looked = ago(BEGUN_WITH), ago(56)
    local, nord = senior.organisation.local_date, senior.unit
    presented = Presentation.objects.present(
        senior, "ledergruppen i Nord", local(at), "Det her vil vi kendes på.", unit=nord, at=at
    )
    process = Decision.objects.decide(
        senior,
        PROCESS,
        PROCESS_WHY,
        guideposts=presented.guideposts.filter(theme__in=["influence", "reflection"]),
        presentation=presented,
        unit=nord,
        follow_up_on=local(looked),
        at=at + timedelta(hours=2),
    )
    process.follow_up(PROCESS_BECAME, senior, again_on=local(now), at=looked)
    afternoons = Decision.objects.decide(
        senior, AFTERNOONS, "Så er ugen forbi.", unit=nord, at=ago(BEGUN_WITH - 30)
    )
    afternoons.withdraw(NO_AFTERNOONS, senior, at=ago(BEGUN_WITH - 51))


def present(apv: Apv, by: User, at: datetime) -> None:
    on = apv.organisation.local_date(at)
    Presentation.objects.present(by, TO_THE_CHIEFS, on, SENTENCE, apv, at=at)


def decide(apv: Apv, at: datetime) -> None:
    """By the director, for all leaders under her; the secretariat writes it down."""
    presented = apv.presentations.get()
    director = apv.unit.parent.head
    Decision.objects.decide(
        apv.organisation.people.get(is_secretariat=True),
        COACHES,
        COACHES_WHY,
        guideposts=presented.guideposts.all(),
        presentation=presented,
        unit=apv.unit.parent,
        decided_on=apv.organisation.local_date(at),
        decided_by=director,
        at=at,
    )
