"""Four meetings: two of a leadership team, two of a network group (domain.md 9.2)."""

from meetings.starters.words import phase, starter

THINK = ("Tænk selv", "Skriv et par stikord, som ingen andre skal se.")
THINK_EN = ("Think alone", "Write a few keywords nobody else needs to see.")
PAIRS = ("To og to", "Tal sammen to og to om et konkret øjeblik.")
PAIRS_EN = ("In pairs", "Talk two and two about a concrete moment.")
TOGETHER = ("Alle sammen", "Hvad hørte I hos hinanden? Den, der stillede spørgsmålet, leder.")
TOGETHER_EN = ("All together", "What did you hear from each other? Whoever asked leads.")
GATHER = ("Saml op", "Den, der stillede spørgsmålet, siger i to sætninger, hvad vi fandt.")
GATHER_EN = ("Gather", "Whoever asked says in two sentences what we found.")


def parts(think: int, pairs: int, together: int, gather: int) -> list[dict]:
    return [
        phase("think", think, THINK, THINK_EN),
        phase("pairs", pairs, PAIRS, PAIRS_EN),
        phase("together", together, TOGETHER, TOGETHER_EN),
        phase("gather", gather, GATHER, GATHER_EN),
    ]


MEETINGS = [
    starter(
        "dialogue-meeting",
        "leader",
        ("Dialogmødet", "The dialogue meeting"),
        (
            "Hver 14. dag: de spørgsmål, lederne selv har sat på.",
            "Every two weeks: the questions the leaders put on the agenda themselves.",
        ),
        [
            phase(
                "check_in",
                10,
                ("Tjek ind", "Et tryk eller en runde: hvad kommer du fra, hvad er du optaget af?"),
                ("Check-in", "A tap or a round: where do you come from, what is on your mind?"),
            ),
            phase(
                "since_last",
                5,
                ("Siden sidst", "Hvad prøvede vi, og hvad lærte vi? Ingen statusrunde."),
                ("Since last", "What did we try, what did we learn? No status round."),
            ),
            phase(
                "item",
                30,
                ("Første spørgsmål", "Den, der stillede spørgsmålet, leder."),
                ("First question", "The owner of the question leads."),
                parts(3, 10, 15, 2),
            ),
            phase(
                "item",
                15,
                ("Andet spørgsmål", "Samme fremgangsmåde, kortere."),
                ("Second question", "Same way, shorter."),
                parts(2, 4, 7, 2),
            ),
            phase(
                "guidepost",
                10,
                ("Et pejlemærke", "Hvor så vi det i de sidste 14 dage? Hvor manglede det?"),
                ("One guidepost", "Where did we see it in the last 14 days? Where was it missing?"),
            ),
            phase(
                "parked",
                5,
                ("Parkeret drift", "Læs op, hvem der tager hvad med hvorhen. Ingen drøftelse."),
                ("Operations parking lot", "Read out who takes what where. No discussion."),
            ),
            phase(
                "agree",
                5,
                ("Det aftaler vi", "Hvad gør vi, hvem, hvornår? Et forsøg til næste gang?"),
                ("We agree", "What do we do, who, by when? An experiment until next time?"),
            ),
            phase(
                "check_out",
                10,
                ("Tjek ud", "Hvad går du herfra med? Vært og første spørgsmål til næste gang."),
                ("Check-out", "What do you leave with? Host and first question for next time."),
            ),
        ],
    ),
    starter(
        "inquiry-meeting",
        "leader",
        ("Fordybelsesmødet", "The inquiry meeting"),
        (
            "Ét spørgsmål i dybden. Også til et tema i jeres APV.",
            "One question in depth. Also for a theme of your APV.",
        ),
        [
            phase(
                "check_in",
                5,
                ("Tjek ind", "Én sætning hver."),
                ("Check-in", "One sentence each."),
            ),
            phase(
                "item",
                48,
                ("Spørgsmålet", "Ét spørgsmål, set fra mange sider."),
                ("The question", "One question, seen from many sides."),
                [
                    phase(
                        "plain",
                        5,
                        ("Sæt scenen", "Spørgsmålets ejer fortæller, hvorfor det er vigtigt nu."),
                        ("Set the scene", "The owner says why it matters now."),
                    ),
                    phase(
                        "think",
                        5,
                        ("Skriv for dig selv", "Egne stikord, som ingen andre skal se."),
                        ("Write for yourself", "Own keywords nobody else needs to see."),
                    ),
                    phase(
                        "pairs",
                        12,
                        ("Små grupper", "To eller tre sammen: et konkret øjeblik fra hverdagen."),
                        ("Small groups", "Two or three: a concrete moment from everyday life."),
                    ),
                    phase(
                        "together",
                        18,
                        ("Alle sammen", "Først en runde uden kommentarer, så fri samtale."),
                        ("All together", "First a round without comments, then free talk."),
                    ),
                    phase(
                        "gather",
                        8,
                        (
                            "Mønstre",
                            "Hvad går igen? Hvad overrasker? Hvilket pejlemærke rører det ved?",
                        ),
                        ("Patterns", "What recurs? What surprises? Which guidepost does it touch?"),
                    ),
                ],
            ),
            phase(
                "agree",
                4,
                ("Ét forsøg", "Noget småt, vi gør anderledes de næste 14 dage."),
                ("One experiment", "Something small we do differently for 14 days."),
            ),
            phase("check_out", 3, ("Tjek ud", "Ét ord."), ("Check-out", "One word.")),
        ],
    ),
    starter(
        "first-network-meeting",
        "network",
        ("Første netværksmøde", "The first network meeting"),
        (
            "Lær hinanden at kende, og bliv enige om, hvad der gælder hos jer.",
            "Get to know each other, and agree on what holds among you.",
        ),
        [
            phase(
                "check_in",
                10,
                ("Velkommen", "Hvorfor er vi her, og hvad håber hver især på?"),
                ("Welcome", "Why are we here, and what does each hope for?"),
            ),
            phase(
                "pairs",
                30,
                ("To og to", "Interview hinanden, et kvarter hver vej."),
                ("In pairs", "Interview each other, a quarter of an hour each way."),
            ),
            phase(
                "plain",
                25,
                ("Præsentér din makker", "Især det, vedkommende er god til."),
                ("Present your partner", "Above all what they are good at."),
            ),
            phase(
                "plain",
                25,
                ("De fem linjer", "Læs dem højt, én ad gangen. Hvad betyder de hos os?"),
                ("The five lines", "Read them aloud, one at a time. What do they mean here?"),
            ),
            phase(
                "agree",
                20,
                ("Rytme og roller", "Hvornår mødes vi, hvem er vært næste gang?"),
                ("Rhythm and roles", "When do we meet, who hosts next?"),
            ),
            phase(
                "check_out",
                10,
                ("Tjek ud", "Ét ord, og næste dato i kalenderen."),
                ("Check-out", "One word, and the next date in the calendar."),
            ),
        ],
    ),
    starter(
        "network-meeting",
        "network",
        ("Netværksmødet", "The network meeting"),
        (
            "Sparring om ét spørgsmål og tid til det, I alle står med.",
            "Sparring on one case, and time for what you all stand with.",
        ),
        [
            phase(
                "check_in",
                15,
                ("Tjek ind", "Hvad fylder hos dig? Hvem har et spørgsmål med?"),
                ("Check-in", "What fills your days? Who brings a question?"),
            ),
            phase(
                "since_last",
                15,
                ("Siden sidst", "Hvad blev der af det, vi talte om?"),
                ("Since last", "What came of what we talked about?"),
            ),
            phase(
                "sparring",
                60,
                ("Sparring", "Ét spørgsmål, og alle hjælper med at tænke."),
                ("Sparring", "One case, and everybody helps to think."),
            ),
            phase(
                "item",
                20,
                ("Et fælles spørgsmål", "Et emne, vi alle står med."),
                ("A shared question", "Something we all stand with."),
            ),
            phase(
                "check_out",
                10,
                ("Næste gang og tjek ud", "Dato, vært, ét ord."),
                ("Next time and check-out", "Date, host, one word."),
            ),
        ],
    ),
]
