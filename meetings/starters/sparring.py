"""Three ways to help one another think (domain.md 9.1)."""

from meetings.starters.words import phase, starter

SPARRING = [
    starter(
        "three-chairs",
        "sparring",
        ("Tre stole", "Three chairs"),
        (
            "Tre mennesker, tre runder: hver får sin tur med et spørgsmål.",
            "Three people, three rounds: each has a turn with a question.",
        ),
        [
            phase(
                "plain",
                1,
                (
                    "Stilhed",
                    "Fokuspersonen finder sit spørgsmål og mærker efter, hvilken hjælp der "
                    "er brug for.",
                ),
                ("Silence", "The focus person finds the question and the help wanted."),
                each_round=True,
            ),
            phase(
                "plain",
                2,
                ("Fortæl", "Hvad er svært lige nu? De to andre lytter uden at afbryde."),
                ("Tell", "What is hard right now? The other two listen without breaking in."),
                each_round=True,
            ),
            phase(
                "plain",
                2,
                ("Forstå", "Korte opklarende spørgsmål. Endnu ingen forslag."),
                ("Understand", "Short clarifying questions. No suggestions yet."),
                each_round=True,
            ),
            phase(
                "plain",
                5,
                (
                    "Lyt med ryggen til",
                    "Fokuspersonen vender stolen; de to tænker højt sammen om det.",
                ),
                (
                    "Listen with your back turned",
                    "The focus person turns the chair; the two think aloud together.",
                ),
                each_round=True,
            ),
            phase(
                "plain",
                2,
                (
                    "Tag med",
                    "Fokuspersonen vender sig om: hvad var brugbart, og hvad er mit første "
                    "lille skridt?",
                ),
                (
                    "Take away",
                    "The focus person turns round: what was useful, and what is my first "
                    "small step?",
                ),
                each_round=True,
            ),
            phase(
                "check_out",
                4,
                ("Ét ord", "Efter tre runder: ét ord hver."),
                ("One word", "After three rounds: one word each."),
            ),
        ],
        people=(3, 3),
        rounds=3,
    ),
    starter(
        "sparring-round",
        "sparring",
        ("Sparringsrunden", "The sparring round"),
        (
            "Fem til otte mennesker og ét spørgsmål i en time.",
            "Five to eight people and one case for an hour.",
        ),
        [
            phase(
                "plain",
                5,
                ("Vælg", "Hvem har et spørgsmål med? Aftal vært og tidsholder. Læs de fem linjer."),
                ("Choose", "Who has a case? Agree host and timekeeper. Read the five lines."),
            ),
            phase(
                "plain",
                7,
                ("Fortæl", "Fokuspersonen taler uforstyrret og slutter med ét spørgsmål."),
                ("Tell", "The focus person speaks undisturbed and ends with one question."),
            ),
            phase(
                "plain",
                8,
                ("Opklar", "Hvem, hvad, hvornår. Gem dine ”hvorfor” og dine råd."),
                ("Clarify", "Who, what, when. Keep your whys and your advice."),
            ),
            phase(
                "plain",
                15,
                ("Åbn", "Kun spørgsmål, der hjælper med at tænke. Det er i orden at melde pas."),
                ("Open up", "Only questions that help thinking. Passing is fine."),
            ),
            phase(
                "plain",
                10,
                ("Erfaringer", "”Jeg har selv prøvet …”: din historie, ikke din opskrift."),
                ("Experiences", "“I have been there myself …”: your story, not your recipe."),
            ),
            phase(
                "plain",
                5,
                (
                    "Valg",
                    "Fokuspersonen siger, hvad der står klarere, og hvad der skal prøves hvornår.",
                ),
                ("Choice", "The focus person says what is clearer, and what to try when."),
            ),
            phase(
                "plain",
                5,
                ("Læring", "Én sætning hver: hvad tager jeg selv med?"),
                ("Learning", "One sentence each: what do I take with me?"),
            ),
            phase(
                "check_out",
                5,
                (
                    "Rund af",
                    "Giv jeres noter til fokuspersonen. Aftal, hvornår vi spørger til det igen.",
                ),
                ("Clear up", "Notes go to the focus person. Agree when we ask again."),
            ),
        ],
        people=(5, 8),
    ),
    starter(
        "listening-team",
        "sparring",
        ("Det lyttende team", "The listening team"),
        (
            "Fire til otte mennesker: en taler med fokuspersonen, de andre lytter.",
            "Four to eight people: one talks with the focus person, the others listen.",
        ),
        [
            phase(
                "plain",
                3,
                (
                    "Ramme",
                    "Fokuspersonen siger, hvad samtalen skal hjælpe med. Teamet får hver sin "
                    "lytteopgave.",
                ),
                (
                    "Frame",
                    "The focus person says what the talk should help with. Each in the team "
                    "gets a listening task.",
                ),
            ),
            phase(
                "plain",
                12,
                ("Samtale", "Intervieweren spørger nysgerrigt; teamet tier og lytter."),
                ("Talk", "The interviewer asks with curiosity; the team is silent and listens."),
            ),
            phase(
                "plain",
                3,
                ("Pause", "Alle samler tankerne i ro."),
                ("Pause", "All gather their thoughts quietly."),
            ),
            phase(
                "plain",
                10,
                (
                    "Teamet taler sammen",
                    "Til hinanden, ikke til fokuspersonen. Undrende, i jeg-form, uden domme.",
                ),
                (
                    "The team talks",
                    "To each other, not to the focus person. Wondering, in the first person, "
                    "no verdicts.",
                ),
            ),
            phase(
                "plain",
                7,
                ("Ekko", "Intervieweren spørger: hvad hæftede du dig ved?"),
                ("Echo", "The interviewer asks: what caught you?"),
            ),
            phase(
                "plain",
                5,
                ("Skridt", "Teamet deler kort, hvad de selv ville undersøge som det næste."),
                ("Step", "The team briefly shares what they would be curious about next."),
            ),
            phase(
                "check_out",
                5,
                ("Slut", "Fokuspersonen siger, hvad der nu skal ske, og hvad der bliver i rummet."),
                ("Close", "The focus person says what happens now, and what stays in the room."),
            ),
        ],
        people=(4, 8),
    ),
]
