"""What leaders share with one another: what the education and the guideposts gave them, and an
ear for each other.
"""

from datetime import datetime, timedelta

from networks.models import User
from wellbeing.models import CoachOffer, Guidepost, Story

# who, how many days ago, about which guidepost (none: the coach education), with a name, the words
STORIES = [
    (
        "Tove Ørsted",
        61,
        "Vi spørger, før vi svarer.",
        True,
        "Jeg kom altid med svaret, før de andre havde sat sig. Til et ledermøde talte vi om at "
        "spørge først, og jeg blev stille af det. Nu spørger jeg mine vagtplanlæggere, hvad de "
        "selv har prøvet, og som regel mangler der ikke noget.",
    ),
    (
        "Ida Sander",
        23,
        None,
        False,
        "Jeg tog bekymringerne med hjem, og min mand kendte alle mine medarbejdere ved navn. På "
        "uddannelsen øvede vi os i at lade problemet blive hos den, der ejer det. Jeg går stadig "
        "hjem med tunge dage, men der er blevet plads ved aftensbordet.",
    ),
    (
        "Dorte Nygaard",
        6,
        None,
        True,
        "Jeg troede, coaching var noget, man gjorde ved andre. Så sad jeg selv i stolen, og for "
        "første gang i et år var der ingen, der ville have noget af mig. Nu holder jeg ti minutter "
        "fri før hver samtale, og det kan mærkes i huset.",
    ),
]

# who, about what (nothing: about anything), how to reach them, one line
OFFERS = [
    (
        "Dorte Nygaard",
        ["support", "cross_pressure"],
        "both",
        "Ring, når du har vendt det samme tre gange i bilen. Jeg spørger, du tænker.",
    ),
    (
        "Ida Sander",
        ["safety", "growth"],
        "mail",
        "Jeg er god til de samtaler, man udskyder. Vi kan gå en tur om Bakkehuset imens.",
    ),
]


def share(cast: dict[str, User], now: datetime) -> None:
    for name, days, wording, named, text in STORIES:
        by = cast[name]
        steered = Guidepost.objects.filter(organisation=by.organisation_id, wording=wording)
        Story.objects.tell(
            by,
            text,
            guidepost=steered.first() if wording else None,
            named=named,
            on=(now - timedelta(days=days)).date(),
        )


def be_there(cast: dict[str, User]) -> None:
    """Those of them who are through with the education, as is told before."""
    for name, themes, reach, line in OFFERS:
        if CoachOffer.may_be_made_by(cast[name]):
            CoachOffer.objects.make(cast[name], line=line, themes=themes, reach=reach)
