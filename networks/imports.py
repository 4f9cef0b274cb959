"""Leaders from a table: which column is which, and who stands on each line."""

import re
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from networks.spreadsheets import Rows, Unreadable

LONGEST = 120  # letters of a name, a title, a unit
NEAR_THE_TOP = 10  # rows among which the headings are looked for

# How personnel systems head the columns we know, without case, spaces and punctuation.
HEADINGS = {
    "name": "navn name fuldenavn fuldtnavn fullname medarbejdernavn medarbejder ledernavn leder- "
    "personnavn employee employeename displayname visningsnavn navnpåleder",
    "first_name": "fornavn fornavne firstname givenname forname",
    "last_name": "efternavn efternavne lastname surname familyname",
    "email": "email mail emailadresse mailadresse epost epostadresse emailaddress mailaddress "
    "arbejdsmail arbejdsemail workemail emailarbejde upn userprincipalname tjenestemail",
    "title": "titel title stilling stillingsbetegnelse jobtitel jobtitle position stillingstitel "
    "funktion rolle",
    "phone": "telefon tlf telefonnr telefonnummer tlfnr mobil mobiltelefon mobilnr mobilnummer "
    "phone phonenumber mobile mobilephone telephone arbejdstelefon direktetelefon",
    "unit": "enhed enhedsnavn afdeling afdelingsnavn arbejdsplads arbejdssted institution "
    "organisatoriskenhed orgenhed tjenestested unit unitname department workplace team kontor "
    "institutionsnavn organisation",
    "area": "område områdenavn overordnetenhed overenhed hovedenhed moderenhed center distrikt "
    "area parentunit parent region sektion",
    "administration": "forvaltning forvaltningsnavn direktørområde direktion magistratsafdeling "
    "administration direktorat sektor division",
    "manager": "nærmesteleder leder chef nærmestechef lederemail lederensemail ledersemail "
    "emailleder emailpåleder lederensmail ledermail ledersnavn lederensnavn manager manageremail "
    "managername linemanager nearestmanager immediatemanager reportsto refererertil overordnet "
    "personaleleder nærmestelederemail nærmesteledersemail nærmesteledernavn supervisor",
}
FIELD_OF = {
    re.sub(r"\W", "", spelling): field
    for field, spellings in HEADINGS.items()
    for spelling in spellings.split()
    if spelling != "leder-"
}


LEVELS = ("administration", "area", "unit")  # columns, from the top


# ---- from rows to lines -------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One person as a line of the table gives them.

    `unit` is the way to it from the top, `levels` which columns that stood in.
    """

    number: int
    name: str = ""
    email: str = ""
    title: str = ""
    phone: str = ""
    unit: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    manager: str = ""

    def as_dict(self) -> dict:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, kept: dict) -> "Line":
        ways = {name: tuple(kept.get(name, ())) for name in ("unit", "levels")}
        return cls(**kept | ways)


def is_heading(cell: str) -> bool:
    return _field_of(cell) is not None


def lines_of(rows: Rows) -> tuple[list[Line], list[str]]:
    """The people of a table, and the headings of the columns that are left out."""
    place, columns, ignored = _headings(rows)
    lines = []
    for number, cells in rows[place + 1 :]:
        given = {
            field: " ".join(cells[column].split())
            for field, column in columns.items()
            if column < len(cells)
        }
        lines.append(_line(number, given))
    if not lines:
        raise Unreadable(_("There are headings, but nobody below them."))
    return lines, ignored


def _headings(rows: Rows) -> tuple[int, dict[str, int], list[str]]:
    """Where they stand, which column is which, and what we don't know."""
    top = rows[:NEAR_THE_TOP]
    place = max(range(len(top)), key=lambda at: sum(map(is_heading, top[at][1])))
    columns, ignored = {}, []
    for column, cell in enumerate(top[place][1]):
        field = _field_of(cell)
        if field and field not in columns:
            columns[field] = column
        elif cell:
            ignored.append(" ".join(cell.split())[:LONGEST])
    named = "name" in columns or "first_name" in columns
    if "email" in columns and named:
        return place, columns, ignored
    raise Unreadable(
        _("We don’t find the columns for name and e-mail.")
        if "email" not in columns and not named
        else _("We don’t find a column for the name.")
        if not named
        else _("We don’t find a column for the e-mail address."),
        _("The first line must say what stands below it, for example: "
          "Name; E-mail; Title; Unit; Nearest manager."),
    )  # fmt: skip


def _field_of(heading: str) -> str | None:
    return FIELD_OF.get(re.sub(r"[\W_]", "", heading.casefold()))


def _line(number: int, given: dict[str, str]) -> Line:
    parts = [given.get("first_name", ""), given.get("last_name", "")]
    name = given.get("name") or " ".join(filter(None, parts))
    levels = [level for level in LEVELS if given.get(level)]
    return Line(
        number=number,
        name=in_order(name),
        email=address_of(given.get("email", "")),
        title=given.get("title", ""),
        phone=given.get("phone", ""),
        unit=tuple(given[level] for level in levels),
        levels=tuple("workplace" if level == "unit" else level for level in levels),
        manager=given.get("manager", ""),
    )


def in_order(name: str) -> str:
    """Karen Holm, also where a list has “Holm, Karen”."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name.strip(" ,")


def address_of(text: str) -> str:
    """The address, also of “Karen Holm <karen@…>” and “mailto:karen@…”."""
    inside = re.search(r"<([^<>]+@[^<>]+)>", text)
    return (inside[1] if inside else text).removeprefix("mailto:").strip().lower()
