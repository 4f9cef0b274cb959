"""Leaders from a table: how it is read, what each line comes to, and that it is written once."""

import csv
import io
import zipfile

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from networks import comparing, imports, spreadsheets
from networks.models import Import, Unit, User
from networks.spreadsheets import Unreadable
from tests.factories import make_organisation, make_unit, make_user

HEAD = "Navn;E-mail;Titel;Telefon;Område;Enhed;Nærmeste leder\r\n"


def read(data: bytes | str):
    if isinstance(data, str):
        return imports.lines_of(spreadsheets.rows_of_text(data, imports.is_heading))
    return imports.lines_of(spreadsheets.rows_of(data, imports.is_heading))


def staged(text: str, by, **values) -> Import:
    lines, ignored = read(text)
    one = Import.stage(lines, by=by, ignored=ignored, **values)
    Import.objects.go_on()
    one.refresh_from_db()
    return one


def come_in(text: str, by) -> Import:
    one = staged(text, by)
    one.confirm()
    Import.objects.go_on()
    one.refresh_from_db()
    return one


def verdicts(one: Import) -> dict:
    return {
        line.number: (line.verdict, [reason for reason, _details in line.reasons])
        for line in one.lines.given().order_by("number")
    }


# ---- reading: encodings, delimiters, headings, in every combination

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]
SPELLINGS = {
    "name": ["Navn", "NAVN", "Fulde navn", "Name", "Medarbejder navn", "Employee_Name"],
    "email": ["E-mail", "email", "Mail", "E-mailadresse", "e-post", "Work e-mail"],
    "title": ["Titel", "Stilling", "Stillingsbetegnelse", "Job title"],
    "phone": ["Telefon", "Tlf.", "Mobil nr.", "Phone"],
    "unit": ["Enhed", "Afdeling", "Arbejdsplads", "Department", "Org. enhed"],
    "manager": ["Nærmeste leder", "Leder", "Leders e-mail", "Manager", "Line manager", "Chef"],
}
LETTERS = st.characters(codec="cp1252", categories=["L", "N"], include_characters=" '-.,;&/")
WORDS = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split()))


@st.composite
def tables(draw):
    others = st.lists(st.sampled_from(["title", "phone", "unit", "manager"]), unique=True)
    columns = draw(st.permutations(["name", "email", *draw(others), "salary"]))
    headings = [
        draw(st.sampled_from(SPELLINGS[column])) if column in SPELLINGS else "Løntrin"
        for column in columns
    ]
    people = draw(st.lists(st.fixed_dictionaries({c: WORDS for c in columns}), min_size=1))
    return columns, headings, people


@given(
    table=tables(),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(";,\t"),
    newline=st.sampled_from(["\r\n", "\n"]),
)
def test_what_was_written_is_read_in_every_encoding_and_delimiter(
    table, encoding, delimiter, newline
):
    columns, headings, people = table
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(headings)
    writer.writerows([[person[column] for column in columns] for person in people])
    lines, ignored = read(text.getvalue().encode(encoding))
    assert ignored == ["Løntrin"]
    filled = [person for person in people if any(person.values())]
    assert [line.title for line in lines] == [person.get("title", "") for person in filled]
    assert [line.manager for line in lines] == [person.get("manager", "") for person in filled]
    units = [(person["unit"],) if person.get("unit") else () for person in filled]
    assert [line.unit for line in lines] == units


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=5), min_size=1))
def test_no_formula_gets_through_and_every_text_comes_back(rows):
    written = spreadsheets.as_csv(rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=";"):
        assert not any(
            cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row
        )
    for text in {cell for row in rows for cell in row}:
        assert spreadsheets.plain(spreadsheets.harmless(text)) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+45 99 31", "-x", "@sum", "'=x", "''=x", "'x", "’", " =x"]
)
def test_a_workbook_holds_texts_only_and_gives_them_back(text):
    data = spreadsheets.as_workbook([["Navn", "E-mail", "Titel"], ["Karen", "k@x.dk", text]], "x")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    lines, _ignored = read(data)
    assert [line.title for line in lines] == [text.strip()]


def test_a_workbook_as_a_personnel_system_writes_it():
    book = Workbook()
    sheet = book.active
    sheet.append(["Udtræk pr. 1. november"])
    sheet.append([])
    sheet.append(["Fornavn", "Efternavn", "E-mail", "Telefon", "Ansat", "Forvaltning", "Enhed"])
    sheet.append(
        ["Åse", "Winther", "Aase@Havby.example", 99311000, timezone.localdate(), "ÆH", "Fjordblik"]
    )
    data = io.BytesIO()
    book.save(data)
    lines, ignored = read(data.getvalue())
    assert ignored == ["Ansat"]
    assert lines == [
        imports.Line(
            number=4,
            name="Åse Winther",
            email="aase@havby.example",
            phone="99311000",
            unit=("ÆH", "Fjordblik"),
            levels=("administration", "workplace"),
        )
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Holm, Karen;karen@x.dk", ("Karen Holm", "karen@x.dk")),
        ("  Karen   Holm ;<mailto:x> Karen@X.DK", ("Karen Holm", "<mailto:x> karen@x.dk")),
        ("Karen Holm;Karen Holm <karen@x.dk>", ("Karen Holm", "karen@x.dk")),
        ("Karen Holm;mailto:karen@x.dk", ("Karen Holm", "karen@x.dk")),
    ],
)
def test_names_and_addresses_as_people_write_them(given, meant):
    lines, _ignored = read(f"Navn;Mail\n{given}\n")
    assert [(line.name, line.email) for line in lines] == [meant]


def test_a_hint_of_excel_is_followed():
    lines, _ignored = read("sep=,\r\nNavn,Mail\r\nKaren Holm,karen@x.dk\r\n")
    assert [line.email for line in lines] == ["karen@x.dk"]


# ---- files that can't be


def packed(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return data.getvalue()


def wide(columns: int) -> bytes:
    rows = [["Navn", "E-mail", *(f"Felt {n}" for n in range(columns - 2))], ["x"] * columns]
    return spreadsheets.as_csv(rows)


FAR = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
FAR += b'<dimension ref="A1:XFD1048576"/><sheetData>%s</sheetData></worksheet>'


def workbook_with(sheet: bytes) -> bytes:
    """A real workbook, its sheet replaced."""
    real = zipfile.ZipFile(io.BytesIO(spreadsheets.as_workbook([["x"]], "x")))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in real.namelist():
            archive.writestr(
                name, sheet if "sheet1" in name and "rels" not in name else real.read(name)
            )
    return data.getvalue()


def row_at(number: int, text: str) -> bytes:
    cell = f'<c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<row r="{number}">{cell}</row>'.encode()


BAD = {
    "empty": (b"", "There is nothing in it."),
    "blank": (b" ; ;\r\n\r\n", "There is nothing in it."),
    "a renamed PDF": (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "That is a PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "That is a picture"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind of workbook"),
    "damaged zip": (b"PK\x03\x04 and then nothing", "can’t be read"),
    "another zip": (packed(word__document=b"<x/>"), "can’t be read"),
    "bytes": (bytes(range(256)) * 3, "isn’t a table"),
    "odd UTF-16": (b"\xff\xfeN\x00a", "isn’t a table"),
    "40 columns": (wide(40), "40 columns"),
    "too big": (b"x" * (spreadsheets.MOST_BYTES + 1), "very big"),
    "a bomb": (packed(xl__workbook=b" " * (spreadsheets.MOST_UNPACKED + 1)), "very big"),
    "entities": (packed(xl__workbook=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "can’t be read"),
    "absurd rows": (workbook_with(FAR % row_at(10**9, "Navn")), "more than 20000 lines"),
    "too many lines": (
        spreadsheets.as_csv([["Navn", "Mail"]] + [["x", "y"]] * 20_001), "more than 20000 lines"
    ),
    "no headings": (b"Karen Holm;karen@x.dk\r\n", "name and e-mail"),
    "no address": (b"Navn;Titel\r\nKaren;Leder\r\n", "a column for the e-mail"),
    "no name": (b"Mail;Titel\r\nk@x.dk;Leder\r\n", "a column for the name"),
    "nobody": (b"Navn;Mail\r\n\r\n", "nobody below them"),
    "endless quote": (b'Navn;Mail\r\n"' + b"x" * 200_000, "quotation mark"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_can_not_be_is_refused_in_words(name):
    data, words = BAD[name]
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        read(data)
    with translation.override("en"):
        assert words in str(refused.value)


def test_a_size_that_is_absurd_is_not_believed():
    head = b'<row r="1">' + b"".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
        for column, text in [("A", "Navn"), ("B", "Mail")]
    ) + b"</row>"  # fmt: skip
    body = head.replace(b"1", b"2").replace(b"Navn", b"Karen").replace(b"Mail", b"k@x.dk")
    lines, _ignored = read(workbook_with(FAR % (head + body)))
    assert [line.email for line in lines] == ["k@x.dk"]


# ---- what a line comes to


def test_new_changed_and_as_it_was(organisation, secretariat):
    nord = make_unit(organisation, name="Område Nord", kind="area")
    birgitte = make_user(organisation, "Birgitte Aagaard", email="b@x.dk", unit=nord)
    Unit.objects.filter(pk=nord.pk).update(head=birgitte)
    make_user(
        organisation, "Karen Holm", email="k@x.dk", title="Leder", unit=nord, manager=birgitte
    )
    one = staged(
        HEAD + "Karen Holm;k@x.dk;Plejecenterleder;;;Område Nord;b@x.dk\n"
        "Birgitte Aagaard;b@x.dk;;;;Område Nord;Birgitte Aagaard\n"
        "Jonas Lindgaard;j@x.dk;Leder;;Område Nord;Hjemmeplejen;Birgitte Aagaard\n",
        secretariat,
    )
    assert verdicts(one) == {2: ("changed", []), 3: ("same", []), 4: ("new", [])}
    assert one.lines.get(number=2).changes == {"title": ["Leder", "Plejecenterleder"]}
    assert one.new_units == ["Hjemmeplejen"]
    assert not User.objects.filter(email="j@x.dk").exists()  # nothing is written before the yes
    assert not Unit.objects.filter(name="Hjemmeplejen").exists()
    one.confirm()
    Import.objects.go_on()
    one.refresh_from_db()
    assert (one.state, one.written) == ("done", {"new": 1, "changed": 1, "left_alone": 0})
    jonas = User.objects.get(email="j@x.dk")
    assert (jonas.manager, jonas.unit.name, jonas.unit.parent) == (birgitte, "Hjemmeplejen", nord)
    assert not jonas.has_usable_password()
    assert User.objects.get(email="k@x.dk").title == "Plejecenterleder"


def test_without_a_manager_it_is_the_head_of_the_unit(organisation, secretariat):
    top = make_unit(organisation, name="Ældre")
    nord = make_unit(organisation, name="Nord", parent=top)
    director = make_user(organisation, "Susanne", email="s@x.dk")
    birgitte = make_user(organisation, "Birgitte", email="b@x.dk", unit=nord)
    Unit.objects.filter(pk=top.pk).update(head=director)
    Unit.objects.filter(pk=nord.pk).update(head=birgitte)
    come_in("Navn;Mail;Enhed\nKaren;k@x.dk;Nord\nBirgitte;b@x.dk;Nord\n", secretariat)
    assert User.objects.get(email="k@x.dk").manager == birgitte
    assert User.objects.get(email="b@x.dk").manager == director


UNCLEAR = {
    "no address": (";;", "no_email"),
    "no name": (";k2@x.dk;", "no_name"),
    "bad address": ("Karen;karen at x;", "bad_email"),
    "long name": (f"{'K' * 121};k2@x.dk;", "too_long"),
    "of another organisation": ("Peter;peter@sko.dk;", "elsewhere"),
    "who has left": ("Gone;gone@x.dk;", "left"),
    "turned off": ("Off;off@x.dk;", "turned_off"),
    "namesake": ("Åse Winther;ny@x.dk;", "namesake"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_line_that_is_unclear_says_why_and_is_not_written(name, organisation, secretariat):
    make_user(make_organisation("Skovlund"), "Peter", email="peter@sko.dk")
    make_user(organisation, "Gone", email="gone@x.dk").leave()
    make_user(organisation, "Off", email="off@x.dk", is_active=False)
    make_user(organisation, "Åse Winther", email="aase@x.dk")
    before = list(User.objects.order_by("pk").values())
    line, reason = UNCLEAR[name]
    text = "Navn;Mail;Titel\n" + (line if name != "no address" else "Karen;;Leder") + "\n"
    one = come_in(text, secretariat)
    assert verdicts(one) == {2: ("unclear", [reason])}
    assert list(User.objects.order_by("pk").values()) == before


def test_twice_in_the_table(organisation, secretariat):
    one = come_in(
        "Navn;Mail;Titel\nKaren;k@x.dk;Leder\nKaren;K@x.dk;Leder\n"
        "Ole;o@x.dk;Leder\nOle;o@x.dk;Chef\n",
        secretariat,
    )
    assert verdicts(one) == {
        2: ("new", []),
        3: ("unclear", ["twice"]),
        4: ("unclear", ["contradicts"]),
        5: ("unclear", ["contradicts"]),
    }
    assert one.written == {"new": 1, "changed": 0, "left_alone": 0}


def test_a_circle_of_managers_is_said_and_not_written(organisation, secretariat):
    anna = make_user(organisation, "Anna", email="a@x.dk")
    bo = make_user(organisation, "Bo", email="b@x.dk", manager=anna)
    one = come_in(
        "Navn;Mail;Leder\nAnna;a@x.dk;c@x.dk\nCarl;c@x.dk;b@x.dk\nDan;d@x.dk;e@x.dk\n"
        "Eva;e@x.dk;Dan\nFie;f@x.dk;Dan\n",
        secretariat,
    )
    assert verdicts(one) == {
        2: ("same", ["cycle"]),
        3: ("new", ["cycle"]),
        4: ("new", ["cycle"]),
        5: ("new", ["cycle"]),
        6: ("new", []),
    }
    managers = dict(User.objects.exclude(pk=secretariat.pk).values_list("name", "manager__name"))
    assert managers == {
        "Anna": None, "Bo": "Anna", "Carl": None, "Dan": None, "Eva": None, "Fie": "Dan"
    }  # fmt: skip
    assert bo.manager == anna


def test_a_manager_nobody_knows_or_several_have_the_name_of(organisation, secretariat):
    for number in (1, 2):
        make_user(organisation, "Mette Hansen", email=f"mette{number}@x.dk")
    one = come_in(
        "Navn;Mail;Leder\nKaren;k@x.dk;chef@x.dk\nOle;o@x.dk;Ukendt Chef\nBo;b@x.dk;Mette Hansen\n"
        "Pia;p@x.dk;Hansen, Mette (HR)\n",
        secretariat,
    )
    assert verdicts(one) == {
        2: ("new", ["unknown_manager"]),
        3: ("new", ["unknown_manager"]),
        4: ("new", ["several_managers"]),
        5: ("new", ["several_managers"]),
    }
    assert set(User.objects.filter(email__in=["k@x.dk", "b@x.dk"]).values_list("manager")) == {
        (None,)
    }


def test_a_unit_of_which_there_are_two(organisation, secretariat):
    areas = [make_unit(organisation, name=name) for name in ("Nord", "Syd")]
    kitchens = [make_unit(organisation, name="Køkkenet", parent=area) for area in areas]
    one = come_in(
        "Navn;Mail;Overordnet enhed;Enhed\nKaren;k@x.dk;Syd;Køkkenet\nOle;o@x.dk;;Køkkenet\n",
        secretariat,
    )
    assert verdicts(one) == {2: ("new", []), 3: ("new", ["ambiguous_unit"])}
    assert User.objects.get(email="k@x.dk").unit == kitchens[1]
    assert User.objects.get(email="o@x.dk").unit is None


def test_an_empty_cell_and_a_bad_phone_take_nothing_away(organisation, secretariat):
    karen = make_user(organisation, "Karen", email="k@x.dk", title="Leder", phone="99 31")
    one = come_in("Navn;Mail;Titel;Telefon\nKaren;k@x.dk;;lokal 1200\n", secretariat)
    assert verdicts(one) == {2: ("same", ["bad_phone"])}
    karen.refresh_from_db()
    assert (karen.title, karen.phone) == ("Leder", "99 31")


def test_who_is_missing_is_shown_and_stays(organisation, secretariat):
    make_user(organisation, "Karen", email="k@x.dk")
    one = come_in("Navn;Mail\nOle;o@x.dk\n", secretariat)
    shown = {line.person.name for line in one.lines.showing("missing")}
    assert shown == {"Karen", "Lone Østergaard"}
    assert User.objects.active().filter(email="k@x.dk").exists()


# ---- once


TABLE = (
    HEAD + "Susanne;s@x.dk;Direktør;;;Ældre;\nBirgitte;b@x.dk;Chef;+45 99;Ældre;Nord;Susanne\n"
    "Karen;k@x.dk;Leder;;Nord;Solgården;b@x.dk\nOle;o@x.dk;Leder;;Nord;Solgården;Karen\n"
)


def everything():
    people = User.objects.order_by("pk").values_list(
        "pk", "email", "name", "unit", "manager", "phone"
    )
    return list(people), list(Unit.objects.order_by("pk").values())


def test_importing_again_changes_nothing(organisation, secretariat):
    assert come_in(TABLE, secretariat).written == {"new": 4, "changed": 0, "left_alone": 0}
    before = everything()
    again = staged(TABLE, secretariat)
    assert verdicts(again) == {number: ("same", []) for number in (2, 3, 4, 5)}
    again.confirm()
    Import.objects.go_on()
    assert everything() == before


def test_confirming_twice_is_once(organisation, secretariat):
    one = staged(TABLE, secretariat)
    for _ in range(2):
        one.confirm()
        Import.objects.go_on()
        one.write()
    one.refresh_from_db()
    assert one.written == {"new": 4, "changed": 0, "left_alone": 0}


def test_what_changed_since_it_was_shown_is_left_alone(organisation, secretariat):
    one = staged(TABLE, secretariat)
    make_user(organisation, "Ole", email="o@x.dk", title="Souschef")
    one.confirm()
    Import.objects.go_on()
    one.refresh_from_db()
    assert one.written == {"new": 3, "changed": 0, "left_alone": 1}
    assert User.objects.get(email="o@x.dk").title == "Souschef"


def test_a_new_table_replaces_one_that_waits_and_what_was_read_is_forgotten(
    organisation, secretariat
):
    first = staged(TABLE, secretariat)
    second = staged(TABLE, secretariat)
    first.refresh_from_db()
    assert (first.state, first.lines.count()) == ("dropped", 0)
    first.confirm()
    Import.objects.go_on()
    assert not User.objects.filter(email="k@x.dk").exists()
    Import.objects.forget_old(timezone.now() + timezone.timedelta(days=8))
    second.refresh_from_db()
    assert (second.state, second.lines.count()) == ("dropped", 0)


def test_a_worker_that_stumbles_says_so_and_holds_nobody_up(organisation, secretariat):
    broken, fine = staged(TABLE, secretariat), None
    Import.objects.filter(pk=broken.pk).update(state="waiting")
    broken.lines.update(given={"number": 2, "colour": "blue"})
    other = make_user(make_organisation("Skovlund"), "Marie", is_secretariat=True)
    fine = staged(TABLE.replace("x.dk", "y.dk"), other)
    broken.refresh_from_db()
    assert (broken.state, fine.state) == ("failed", "ready")


@given(data=st.data())
def test_any_table_at_all_comes_to_something(data):
    """Whatever the lines say: one verdict each, and no circle among the managers."""
    keys = st.sampled_from("abcdef")
    lines = [
        imports.Line(
            number=number,
            name=data.draw(keys),
            email=f"{data.draw(keys)}@x.dk",
            unit=tuple(data.draw(st.lists(st.sampled_from("uvw"), max_size=2))),
            levels=("area", "workplace"),
            manager=data.draw(st.sampled_from(["", "a", "b", "c", "a@x.dk", "d@x.dk", "f@x.dk"])),
        )
        for number in range(data.draw(st.integers(0, 8)))
    ]
    lines = [imports.Line(**vars(one) | {"levels": one.levels[: len(one.unit)]}) for one in lines]
    known = [
        comparing.Known(1, "a", "a@x.dk", "", "", None, None),
        comparing.Known(2, "b", "b@x.dk", "", "", 1, 1),
    ]
    comparison = comparing.Comparison(known, [comparing.Place("u", pk=1, head=1)])
    found = comparison.compare(lines)
    assert [one.line for one in found] == lines
    assert {one.verdict for one in found} <= {"new", "changed", "same", "unclear"}
    for start in comparison.managers:
        seen, here = set(), start
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = comparison.managers.get(here)
