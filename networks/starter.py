"""What a new organisation begins with, in our own words (domain.md section 9.5)."""

LINES_DA = [
    "Din egen læring må du tage med ud; de andres historier bliver her.",
    "Vi omtaler medarbejdere og borgere, så ingen kan genkendes, og skriver hverken navne eller "
    "helbredsoplysninger ned.",
    "Den, der fortæller, bestemmer: hvad vi går ind i, hvornår vi stopper, og om det må nævnes "
    "igen.",
    "Noter tilhører fokuspersonen; intet går videre til chef, sekretariat eller APV uden et klart "
    "ja, og nye medlemmer kommer kun ind, når alle siger ja.",
    "Loven går forud: Er nogen i fare, eller har vi pligt til at handle, siger vi det til den, det "
    "gælder, og handler. Bliver aftalen brudt, tager vi det op med det samme.",
]
LINES_EN = [
    "Take your own learning out with you; other people's stories stay here.",
    "We speak of staff and citizens so that nobody can be recognised, and write down neither names "
    "nor health matters.",
    "Whoever tells decides: what we go into, when we stop, and whether it may be mentioned again.",
    "Notes belong to the focus person; nothing goes on to manager, secretariat or APV without a "
    "clear yes, and new members join only when all say yes.",
    "The law comes first: where someone is in danger or there is a duty to act, we tell the person "
    "concerned and act; if the agreement is broken, we raise it at once.",
]

# Names that are offered to new groups: words from the sea, which everybody can say and nobody owns.
GROUP_NAMES = [
    "Fyret",
    "Kompasset",
    "Ankeret",
    "Horisonten",
    "Broen",
    "Roret",
    "Masten",
    "Bøjen",
    "Havnen",
    "Sejlet",
    "Vinden",
    "Tidevandet",
    "Kysten",
    "Molen",
    "Lanternen",
    "Stjernen",
    "Nordlyset",
    "Strømmen",
    "Fjorden",
    "Dønningen",
    "Pynten",
    "Lodsen",
    "Sekstanten",
    "Båken",
    "Redningskransen",
    "Kølen",
    "Dækket",
    "Brisen",
    "Bugten",
    "Klippen",
    "Klitten",
    "Skæret",
    "Vagten",
    "Loggen",
    "Søkortet",
    "Trossen",
    "Pullerten",
    "Landgangen",
    "Skibsklokken",
    "Havblikket",
    "Ledefyret",
    "Vimplen",
    "Sundet",
    "Bæltet",
    "Øen",
    "Rebet",
    "Bovsprydet",
    "Agterstavnen",
]
