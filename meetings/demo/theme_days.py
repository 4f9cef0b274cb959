"""Two theme days that area Nord's guideposts came from, one that is under way, and the shelf."""

from datetime import datetime, timedelta
from itertools import cycle

from django.core.files.base import ContentFile

from meetings.demo import words
from meetings.demo.workdays import at_work
from networks.models import User
from wellbeing.models import DialogueQuestion, Guidepost, ThemeDay, Tool
from wellbeing.papers.poster import print_poster

# (headline, how many dots, what lay under it)
FIRST = [
    (
        "Vi vil selv sætte dagsordenen",
        11,
        ["Møder om det, vi slås med", "Spørgsmål før svar på møderne", "Driften kan tage en mail"],
    ),
    (
        "Det skal være trygt at være i tvivl",
        9,
        ["Sige ”jeg ved det ikke”", "Ingen facitliste", "Fejl fortalt højt"],
    ),
    (
        "Ro til at tænke",
        7,
        ["En time uden telefon", "Færre mails efter kl. 17", "Tid til at forberede samtaler"],
    ),
    ("Bedre kaffe", 1, ["Kaffen i mødelokalet"]),
]
SECOND = [
    (
        "Vi har hinanden",
        10,
        ["Ringe før det brænder på", "Besøge hinandens huse", "At nogen tager telefonen"],
    ),
    (
        "Når kravene trækker hver sin vej",
        8,
        ["Budgettet siger et, borgerne noget andet", "Sige det opad i tide"],
    ),
    ("Nysgerrighed", 6, ["Spørg en gang mere", "Ikke give råd så hurtigt", "Lytte færdigt"]),
]
NOW = [
    "Vi tør sige nej opad",
    "Tid til at forberede de svære samtaler",
    "At vi ringer, før det brænder på",
    "Færre mails efter kl. 17",
    "Mere plads til at prøve noget af",
    "Vi hjælper hinanden på tværs af husene",
    "Møder, man går lettere fra, end man kom",
    "At min leder ved, hvad jeg står med",
    "Rolige overgange, når nogen stopper",
    "At det er i orden at spørge om det dumme",
    "Vi fejrer det, der lykkes",
    "Et sted at gå hen med det halvfærdige",
]


def hold(cast: dict[str, User], secretary: User, begun: datetime) -> list[Guidepost]:
    """The guideposts in the order of the words, three from each day."""
    nord = cast["Birgitte Aagaard"].unit
    leaders = [person for person in cast.values() if person.unit in [nord, *nord.children.all()]]
    for name, lay, guideposts, before in [
        ("Temadag i Nord: hvad vil vi kendes på?", FIRST, words.GUIDEPOSTS[:3], 35),
        ("Anden temadag i Nord: hvad kan vi holde?", SECOND, words.GUIDEPOSTS[3:], 14),
    ]:
        at = at_work(secretary.organisation, begun - timedelta(days=before))
        question = "Hvad skal vi kunne regne med hos hinanden?"
        day = _plan(secretary, nord, name, at, question)
        _gather(day, lay, leaders)
        for (theme, wording, sight), cluster in zip(guideposts, day.clusters.all(), strict=False):
            day.word(wording=wording, theme=theme, how_we_see_it=sight, cluster=cluster)
        day.finish(at=at)
    return list(Guidepost.objects.filter(unit=nord).order_by("pk"))


def open_board(cast: dict[str, User], secretary: User, now: datetime) -> None:
    """Under way as you look at it: they have begun to write."""
    nord = cast["Birgitte Aagaard"].unit
    leaders = cycle(
        person for person in cast.values() if person.unit and person.unit.parent == nord
    )
    question = "Hvad skal vi holde fast i, og hvad mangler?"
    day = _plan(secretary, nord, "Nord et halvt år efter", now, question)
    for number, text in enumerate(NOW):
        day.add_note(text, by=next(leaders) if number % 4 == 0 else None)


def _plan(secretary: User, unit, name: str, at: datetime, question: str) -> ThemeDay:
    on = secretary.organisation.local_date(at)
    return ThemeDay.objects.plan(secretary, name=name, question=question, unit=unit, starts_on=on)


def _gather(day: ThemeDay, lay, leaders: list[User]) -> None:
    for number, (headline, _dots, notes) in enumerate(lay):
        keys = [
            day.add_note(text, by=leaders[number % len(leaders)] if place == 1 else None).pk
            for place, text in enumerate(notes)
        ]
        day.add_cluster(headline, keys)
    day.go_to(ThemeDay.Step.DOTS)
    hands = cycle(leaders)
    for cluster, (_headline, dots, _notes) in zip(day.clusters.all(), lay, strict=True):
        for _ in range(min(dots, len(leaders))):
            day.give_dot(cluster, next(hands))
    day.go_to(ThemeDay.Step.WORDS)


def fill_the_shelf(secretary: User) -> None:
    """One tool of the secretariat's own, and a question of the leaders' own in the bank."""
    guideposts = list(Guidepost.objects.filter(organisation=secretary.organisation).order_by("pk"))
    sheet = print_poster(guideposts[0].unit, guideposts, "a4", "da")
    Tool.objects.put_up(
        secretary,
        title="Pejlemærkerne på ét ark",
        about="Til opslagstavlen og til lommen. Læg arket midt på bordet, når I begynder et møde, "
        "og lad den, der har lyst, pege på det, der fylder.",
        themes=["support", "safety"],
        step="peers",
        file=ContentFile(sheet, name="pejlemærker-nord.pdf"),
    )
    DialogueQuestion.objects.put_in(
        secretary,
        text="Hvornår hjalp et pejlemærke dig sidst med at vælge?",
        theme="cross_pressure",
        step="peers",
    )
