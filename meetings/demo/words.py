"""What the leaders of the demo ask each other, and what they steer by (domain.md section 9)."""

GUIDEPOSTS = [
    (
        "influence",
        "Vi sætter selv spørgsmålene.",
        "Mindst halvdelen af punkterne kommer fra andre ledere end mødets vært.",
    ),
    (
        "safety",
        "Det halvfærdige er velkomment.",
        "Nogen siger ”jeg ved det ikke endnu” på hvert møde.",
    ),
    ("reflection", "Tid til at tænke er arbejde.", "Tænketid står i kalenderen og bliver stående."),
    (
        "support",
        "Ingen leder står alene.",
        "Vi ringer, før det brænder på, og der er nogen, der svarer.",
    ),
    (
        "cross_pressure",
        "Vi siger det højt, når kravene kolliderer.",
        "Dilemmaet kommer på dagsordenen, ikke med hjem.",
    ),
    (
        "growth",
        "Vi spørger, før vi svarer.",
        "Vores første reaktion på det, en kollega fortæller, er et spørgsmål.",
    ),
]

OPENING_WORDS = (
    "Jeg har brug for, at vi bruger tiden på det, der er svært at tale om. Driften skal jeg nok "
    "tage et andet sted."
)

# What was asked, oldest first: (question, how many said "me too", index of a guidepost or None)
ASKED = [
    ("Hvordan får vi tid til at tænke, når telefonen aldrig tier?", 5, 2),
    ("Hvornår siger vi nej til hinanden?", 2, None),
    ("Hvad gør vi, når to krav trækker hver sin vej?", 4, 4),
    ("Hvem går du til, når det brænder på, og hvem kommer til dig?", 3, 3),
    ("Hvad kunne vi holde op med, uden at borgere eller medarbejdere ville savne det?", 6, None),
    ("Hvordan tager vi godt imod en ny lederkollega?", 2, 3),
    ("Hvordan ville ”godt nok” se ud i den opgave, der fylder mest?", 4, None),
    ("Hvad har du ladet ligge, fordi det kræver mere mod end tid?", 3, 5),
    ("Hvordan bruger vi hinandens forskellighed, når vi er uenige?", 1, None),
    ("Hvornår sagde du sidst noget her, som du var usikker på?", 3, 1),
    ("Hvordan holder vi fast i en beslutning, når hverdagen kommer?", 5, None),
    ("Hvilken beslutning i din hverdag burde ligge hos dig?", 4, 0),
    ("Hvordan taler vi med medarbejderne om det, vi ikke ved endnu?", 2, 1),
    ("Hvad skal der til, for at vi ringer til hinanden noget før?", 3, 3),
    ("Hvordan slipper vi perfektionismen uden at slippe kvaliteten?", 4, None),
    ("Hvad lærte vi af sommeren, som vi ikke vil glemme?", 1, None),
    ("Hvordan leder vi hinanden opad?", 3, 0),
    ("Hvornår er det andre end os, der bestemmer, hvad vi bruger vores møder på?", 2, 0),
    ("Hvad gør det ved os at være dem, der altid skal have overblikket?", 5, None),
    ("Hvordan får vi øje på det, der går godt?", 2, None),
    ("Hvad ville vi turde, hvis vi vidste, at kollegerne bakkede op?", 4, 5),
    ("Hvordan giver vi plads til dem, der ikke siger så meget?", 3, 1),
]

# On the agenda that is open now
OPEN_NOW = [
    ("Hvordan får vi sagt det højt, før vi bliver trætte af hinanden?", 5, 4),
    ("Hvad kan vi andre gøre, så det bliver lettere at komme med det halvfærdige?", 3, 1),
    ("Vi skal snakke om, hvordan vi bruger hinanden, når nogen er syge", 2, 3),
]
PARKED = "Hvem dækker vagten i uge 52?"
