"""Tables as personnel systems write them: bytes in, rows of text out, and back.

Reads CSV in any common encoding and XLSX. Whatever can't be read is refused in words.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 60 * 2**20  # of an XLSX, which is a zip
MOST_LINES = 20_000
MOST_COLUMNS = 30
ROWS_OF_EXCEL = 1_048_576
DELIMITERS = ";\t,"

# What Excel would take for a formula. Whatever begins so is written with an apostrophe before it.
FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")

CODES = {b"%PDF": _("That is a PDF, even if its name says otherwise.")}
CODES |= dict.fromkeys([b"\x89PNG", b"\xff\xd8\xff", b"GIF8"], _("That is a picture, not a table."))
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what a workbook with a password looks like
SAVE_AS = _("Save it as CSV or as an Excel workbook (.xlsx), and try again.")


class Unreadable(Exception):
    """Why a file is refused, for whoever sent it."""

    def __init__(self, *sentences):
        super().__init__(*sentences)
        self.sentences = sentences

    def __str__(self):
        return " ".join(str(sentence) for sentence in self.sentences)


# ---- reading ------------------------------------------------------------------------------


Rows = list[tuple[int, list[str]]]  # each with the number that Excel shows; no blank ones


def rows_of(data: bytes, knows: Callable[[str], bool] = lambda heading: False) -> Rows:
    """The rows of a file.

    `knows` says whether a word is a heading: it tells the delimiter where several would do.
    """
    if len(data) > MOST_BYTES:
        raise too_big()
    for code, words in CODES.items():
        if data.startswith(code):
            raise Unreadable(words, SAVE_AS)
    if data.startswith(OLD_EXCEL):
        raise Unreadable(_("That is an old kind of workbook, or one with a password."), SAVE_AS)
    if data.startswith(b"PK\x03\x04"):
        return _within_limits(_rows_of_workbook(data))
    return rows_of_text(_decode(data), knows)


def rows_of_text(text: str, knows: Callable[[str], bool] = lambda heading: False) -> Rows:
    """As `rows_of`, of what was pasted."""
    text = text.lstrip("\ufeff")
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise Unreadable(_("That isn’t a table, or it is damaged."), SAVE_AS)
    hint = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)  # which Excel writes and hides
    if hint:
        text = text[hint.end() :]
    delimiter = hint[1] if hint else _delimiter_of(text, knows)
    try:
        return _within_limits(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(
            _("The lines can’t be told apart. Is a quotation mark missing?"), SAVE_AS
        ) from error


def too_big() -> Unreadable:
    return Unreadable(
        _("That file is very big: we read at most %(most)d megabytes.")
        % {"most": MOST_BYTES // 2**20},
        _("Leave out what isn’t about people, or send it in parts."),
    )


def _decode(data: bytes) -> str:
    """By its byte order mark; else UTF-8, which other text hardly ever is by chance."""
    for mark, encoding in [
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ]:
        if data.startswith(mark):
            return _decode_as(encoding, data)
    if data[1:2] == b"\0":
        return _decode_as("utf-16-le", data)
    if data[:1] == b"\0":
        return _decode_as("utf-16-be", data)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decode_as("cp1252", data)


def _decode_as(encoding: str, data: bytes) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(_("That isn’t a table, or it is damaged."), SAVE_AS) from error


def _delimiter_of(text: str, knows) -> str:
    """The one that makes headings we know of a line near the top; else the most columns."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]

    def fitness(delimiter):
        found = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
        known = max((sum(knows(cell) for cell in row) for row in found), default=0)
        return known, max((len(row) for row in found), default=0)

    return max(DELIMITERS, key=fitness)


def _within_limits(found: Iterable[Sequence[str]]) -> Rows:
    rows, widest = [], 0
    for number, row in enumerate(found, 1):
        cells = [cell.strip() and plain(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, cells))
        if len(rows) > MOST_LINES + 1 or number > ROWS_OF_EXCEL:
            raise too_many_lines()
        widest = max(widest, len(cells))
    if not rows:
        raise Unreadable(_("There is nothing in it."))
    if widest > MOST_COLUMNS:
        raise Unreadable(
            _("That file has %(count)d columns, and we use six or seven.") % {"count": widest},
            _("Keep name, e-mail, title, phone, unit and nearest manager. Leave out the others: "
              "what a personnel system knows beyond that doesn’t belong here."),
        )  # fmt: skip
    return rows


def too_many_lines() -> Unreadable:
    return Unreadable(
        _("That file has more than %(most)d lines.") % {"most": MOST_LINES},
        _("Only leaders belong here. Leave out the others, or send it in parts."),
    )


def _rows_of_workbook(data: bytes) -> Iterator[list[str]]:
    damaged = (
        zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, KeyError, ValueError,
        TypeError, AttributeError, IndexError, EOFError, OSError, NotImplementedError,
        RuntimeError,
    )  # fmt: skip
    try:
        _refuse_bombs(data)
        with warnings.catch_warnings():  # of styles and extensions, which we don't read
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                filled = False
                for row in _rows_of_sheet(sheet):
                    filled = True
                    yield row
                if filled:
                    return
    except damaged as error:
        raise Unreadable(_("That workbook can’t be read."), SAVE_AS) from error


def _rows_of_sheet(sheet) -> Iterator[list[str]]:
    """Up to the last one that holds something."""
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong, or absurd on purpose
    blank = 0
    for row in sheet.iter_rows(max_col=4 * MOST_COLUMNS, values_only=True):
        if any(row):
            yield from ([] for _ in range(blank))
            yield [_text(cell) for cell in row]
            blank = 0
        elif (blank := blank + 1) > ROWS_OF_EXCEL:
            raise too_many_lines()


def _refuse_bombs(data: bytes) -> None:
    """What would unpack to far more than a list of people. The sizes can't lie: no more is read."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise too_big()
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(4096):  # no workbook has one
                        raise Unreadable(_("That workbook can’t be read."), SAVE_AS)


def _text(cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell)


# ---- writing ------------------------------------------------------------------------------


def harmless(text: str) -> str:
    """Never run as a formula: a text that looks like one gets an apostrophe before it."""
    return f"'{text}" if FORMULA.match(text) else text


def plain(text: str) -> str:
    """What was written before `harmless`."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """As a Danish Excel opens it with a double click: UTF-8 with its mark, semicolons."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """Every cell a text, also the one that looks like a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_text_cell(sheet, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _text_cell(sheet, text: str) -> WriteOnlyCell:
    # An apostrophe that was there before is doubled, so that `plain` gives it back.
    text = harmless(text) if text.startswith("'") else text
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.quotePrefix = bool(FORMULA.match(text))
    return cell
