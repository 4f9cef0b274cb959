"""What is there from the first day: twelve dialogue questions by theme (domain.md section 9.3), six
examples of guideposts and two tools."""


def _question(step: str, text_da: str, text_en: str, networks_only: bool = False) -> dict:
    return {"step": step, "text_da": text_da, "text_en": text_en, "networks_only": networks_only}


QUESTIONS = {
    "influence": [
        _question(
            "self",
            "Hvilken beslutning i din hverdag burde ligge hos dig, og hvad ville du så gøre "
            "anderledes?",
            "Which everyday decision ought to lie with you, and what would you then do "
            "differently?",
        ),
        _question(
            "organisation",
            "Hvornår er det andre end os, der bestemmer, hvad vi bruger vores møder på?",
            "When is it others than us who decide what we spend our meetings on?",
        ),
    ],
    "safety": [
        _question(
            "peers",
            "Hvornår sagde du sidst noget her, som du var usikker på, og hvad skete der bagefter?",
            "When did you last say something here that you were unsure of, and what happened next?",
        ),
        _question(
            "peers",
            "Hvad kan vi andre gøre, så det bliver lettere at komme med det halvfærdige?",
            "What can the rest of us do to make it easier to bring the half-finished?",
        ),
    ],
    "reflection": [
        _question(
            "self",
            "Hvornår fik du sidst tænkt en tanke til ende i arbejdstiden?",
            "When did you last think a thought through to the end in working hours?",
        ),
        _question(
            "organisation",
            "Hvad kunne vi holde op med, uden at borgere eller medarbejdere ville savne det?",
            "What could we stop doing without citizens or staff missing it?",
        ),
    ],
    "support": [
        _question(
            "network",
            "Hvem går du til, når det brænder på, og hvem kommer til dig?",
            "Whom do you go to when it heats up, and who comes to you?",
        ),
        _question(
            "manager",
            "Hvilken slags hjælp er sværest at bede sin egen leder om?",
            "What kind of help is hardest to ask one’s own manager for?",
            networks_only=True,
        ),
    ],
    "cross_pressure": [
        _question(
            "manager",
            "Hvilke to forventninger til dig trækker lige nu i hver sin retning?",
            "Which two expectations of you pull in opposite directions right now?",
        ),
        _question(
            "organisation",
            "Hvordan ville ”godt nok” se ud i den opgave, der fylder mest?",
            "What would “good enough” look like in the task that takes most of you?",
        ),
    ],
    "growth": [
        _question(
            "self",
            "Hvad har du ladet ligge, fordi det kræver mere mod end tid?",
            "What have you left alone because it takes more courage than time?",
        ),
        _question(
            "network",
            "Hvilken side af din lederrolle trænger til at blive udfordret af nogen, du stoler på?",
            "Which side of your leader role needs challenging by someone you trust?",
        ),
    ],
}


def _example(theme: str, da: str, seen_da: str, en: str, seen_en: str) -> dict:
    return {"theme": theme, "da": (da, seen_da), "en": (en, seen_en)}


# Guideposts to start from (domain.md section 9.4). Words only, never rows: a guidepost counts when
# leaders have worded it themselves.
EXAMPLES = [
    _example(
        "influence",
        "Vi sætter selv spørgsmålene.",
        "Mindst halvdelen af punkterne kommer fra andre ledere end mødets vært.",
        "We set the questions ourselves.",
        "At least half the items come from leaders who are not hosting.",
    ),
    _example(
        "safety",
        "Det halvfærdige er velkomment.",
        "Nogen siger ”jeg ved det ikke endnu” på hvert møde.",
        "The half-finished is welcome.",
        "Someone says “I do not know yet” at each meeting.",
    ),
    _example(
        "reflection",
        "Tid til at tænke er arbejde.",
        "Tænketid står i kalenderen og bliver stående.",
        "Thinking time is work.",
        "Thinking time stands in the calendar and stays there.",
    ),
    _example(
        "support",
        "Ingen leder står alene.",
        "Vi ringer, før det brænder på, og der er nogen, der svarer.",
        "No leader stands alone.",
        "We call before it burns, and someone picks up.",
    ),
    _example(
        "cross_pressure",
        "Vi siger det højt, når kravene kolliderer.",
        "Dilemmaet kommer på dagsordenen, ikke med hjem.",
        "We say it aloud when demands clash.",
        "The dilemma goes on the agenda, not home.",
    ),
    _example(
        "growth",
        "Vi spørger, før vi svarer.",
        "Vores første reaktion på det, en kollega fortæller, er et spørgsmål.",
        "We ask before we answer.",
        "Our first reaction to what a colleague tells is a question.",
    ),
]

# What the sector’s working environment council made for leaders, in our own words, with the way.
TOOLS = {
    "wellbeing-in-the-role": {
        "title_da": "Trivsel i lederrollen",
        "title_en": "Wellbeing in the leader role",
        "about_da": "Et hæfte med idéer til at passe på dig selv som leder, trin for trin: hvad du "
        "selv kan gøre, hvad du kan tage op med din leder, med lederkollegerne og i netværket, og "
        "hvad organisationen kan bære. Godt at læse to og to og tale om bagefter.",
        "about_en": "A booklet of ideas on looking after yourself as a leader, step by step: what "
        "you can do yourself, what to raise with your manager, with fellow leaders and in the "
        "network, and what the organisation can carry. Good to read in pairs and talk about. "
        "In Danish.",
        "link": "https://www.foa.dk/forbund/foa-leder/dig-selv-i-lederrollen/"
        "vaerktoejshaefter/trivsel-i-lederrollen",
        "themes": ["reflection", "support", "influence"],
        "step": "self",
    },
    "coaching-for-leaders": {
        "title_da": "Coaching for ledere",
        "title_en": "Coaching for leaders",
        "about_da": "Hvordan spørgsmål, der hjælper en anden med at tænke, også styrker den, der "
        "spørger. Bruges til at blive coachet selv og til at øve sig på hinanden i netværket, med "
        "enkle spørgsmål at begynde med.",
        "about_en": "How questions that help somebody else think strengthen the one who asks, too. "
        "For being coached oneself and for practising on each other in the network, with simple "
        "questions to begin with. In Danish.",
        "link": "https://www.foa.dk/forbund/foa-leder/dig-selv-i-lederrollen",
        "themes": ["growth", "support", "safety"],
        "step": "network",
    },
}
