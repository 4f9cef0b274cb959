"""Who has been here, and a list from the personnel system that waits for a yes."""

from datetime import datetime, timedelta

from networks import imports, spreadsheets
from networks.models import Import, User

NEVER_HERE = ["Æmilie Roed", "Nikolaj Frost", "Claus Ibsen"]
SOURCE = "ledere-november.csv"
TABLE = """Medarbejdernr.;Navn;E-mail;Stilling;Telefon;Område;Enhed;Nærmeste leder
1041;Karen Holm;karen.holm@havby.example;Leder, Plejecenter Solgården;;Område Nord;\
Plejecenter Solgården;Birgitte Aagaard
1042;Jonas Lindgaard;jonas.lindgaard@havby.example;Distriktsleder, Hjemmeplejen Nord;;Område Nord;\
Hjemmeplejen Nord;Birgitte Aagaard
1077;Åse Winther;aase.winther@havby.example;Leder, Plejecenter Fjordblik;+45 99 31 99 20;\
Område Nord;Plejecenter Fjordblik;birgitte.aagaard@havby.example
1103;Sofie Thorup;sofie.thorup@havby.example;Leder, Aktivitetscenter Syd;99 31 61 00;Område Syd;\
Aktivitetscenter Syd;Henrik Skovmose
1104;Malthe Kirk;malthe.kirk@havby.example;Souschef, Plejecenter Møllen;;Område Nord;\
Plejecenter Møllen;Ulla Aabo
1105;Rikke Dam;rikke.dam@havby.example;Leder, Bostedet Havblik;;Område Syd;Bostedet Havblik;\
H. Skovmose
1106;Jesper Wolff;;Leder, Nattevagten Syd;;Område Syd;Nattevagten Syd;Henrik Skovmose
1107;Tove Ørsted;tove.oersted.ny@havby.example;Leder, Plejecenter Klinten;;Område Nord;\
Plejecenter Klinten;Birgitte Aagaard
"""


def come_in(by: User, begun: datetime, now: datetime) -> None:
    people = User.objects.filter(organisation=by.organisation)
    people.update(invited_at=begun)
    for number, person in enumerate(people.exclude(name__in=NEVER_HERE).order_by("pk")):
        person.last_login = now - timedelta(days=number % 9, hours=number % 5 + 1)
        person.save(update_fields=["last_login"])
    people.filter(name=NEVER_HERE[0]).update(invited_at=None)
    rows = spreadsheets.rows_of_text(TABLE, imports.is_heading)
    lines, ignored = imports.lines_of(rows)
    Import.stage(lines, by=by, ignored=ignored, source=SOURCE, at=now).compare()
