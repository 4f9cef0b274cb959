"""Fictional people and places. Any likeness to living persons is chance."""

ORGANISATION = "Havby Kommune"
ELSEWHERE = (
    "Din arbejdsmiljørepræsentant, HR på lokal 1200 eller den anonyme ledertelefon, "
    "som åbner mandag til torsdag kl. 9–15."
)
NEIGHBOUR = "Skovlund Kommune"
DOMAIN, NEIGHBOUR_DOMAIN = "havby.example", "skovlund.example"

DIRECTOR = ("Susanne Kjærgaard", "Direktør for Ældre og Handicap")
SECRETARIAT = ("Lone Østergaard", "Sekretariatsleder")

AREAS = {
    "Område Nord": {
        "senior": ("Birgitte Aagaard", "Områdechef, Nord"),
        "leaders": [
            ("Karen Holm", "Leder, Plejecenter Solgården"),
            ("Jonas Lindgaard", "Leder, Hjemmeplejen Nord"),
            ("Åse Winther", "Leder, Plejecenter Fjordblik"),
            ("Mikkel Brandt", "Leder, Sygeplejen Nord"),
            ("Tove Ørsted", "Leder, Plejecenter Klinten"),
            ("Fatima Rahimi", "Leder, Aktivitetshuset Strandvejen"),
            ("Ole Ravnkilde", "Leder, Nattevagten Nord"),
            ("Hanne Lyng", "Leder, Plejecenter Engen"),
            ("Rasmus Toft", "Leder, Genoptræningen Nord"),
            ("Ida Sander", "Leder, Bostedet Bakkehuset"),
            ("Søren Ebbesen", "Leder, Køkkenet Nord"),
            ("Lise Damgaard", "Leder, Demensteamet"),
            ("Nikolaj Frost", "Leder, Rehabiliteringen"),
            ("Ulla Aabo", "Leder, Plejecenter Møllen"),
        ],
    },
    "Område Syd": {
        "senior": ("Henrik Skovmose", "Områdechef, Syd"),
        "leaders": [
            ("Dorte Nygaard", "Leder, Plejecenter Lindehøj"),
            ("Amir Haddad", "Leder, Hjemmeplejen Syd"),
            ("Bente Krogh", "Leder, Plejecenter Åparken"),
            ("Thomas Vestergaard", "Leder, Sygeplejen Syd"),
            ("Gitte Malling", "Leder, Bostedet Skrænten"),
            ("Jeppe Aarslev", "Leder, Hjælpemidler"),
            ("Zeynep Demir", "Leder, Dagcenter Syd"),
            ("Lars Bisgaard", "Leder, Nattevagten Syd"),
            ("Ellen Højrup", "Leder, Plejecenter Rosenlund"),
            ("Pia Overgaard", "Leder, Visitationen"),
            ("Steffen Lund", "Leder, Træningshøjskolen"),
            ("Æmilie Roed", "Leder, Bostedet Havblik"),
            ("Claus Ibsen", "Leder, Køkkenet Syd"),
        ],
    },
}

# name: (purpose, facilitator first, the others)
NETWORKS = {
    "Fyret": (
        "Vi hjælper hinanden med at stå fast, når det blæser.",
        [
            "Jonas Lindgaard",
            "Karen Holm",
            "Dorte Nygaard",
            "Amir Haddad",
            "Ida Sander",
            "Pia Overgaard",
        ],
    ),
    "Kompasset": (
        "Vi finder retning i krydspresset sammen med ligesindede.",
        [
            "Bente Krogh",
            "Mikkel Brandt",
            "Tove Ørsted",
            "Jeppe Aarslev",
            "Steffen Lund",
            "Lise Damgaard",
        ],
    ),
    "Broen": (
        "Vi udfordrer hinanden på lederrollen, før andre gør det.",
        [
            "Åse Winther",
            "Thomas Vestergaard",
            "Hanne Lyng",
            "Zeynep Demir",
            "Claus Ibsen",
            "Rasmus Toft",
        ],
    ),
    "Ankeret": (
        "Vi prøver de svære beslutninger af i trygge rammer.",
        ["Gitte Malling", "Ole Ravnkilde", "Lars Bisgaard", "Fatima Rahimi", "Ellen Højrup"],
    ),
}
FORMING = (
    "Horisonten",
    "For jer, der er nye i lederrollen eller leder gennem en forandring.",
    ["Æmilie Roed", "Nikolaj Frost", "Søren Ebbesen"],
)
