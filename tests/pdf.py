"""What a reader finds in a PDF of ours: its words, and what a screen reader is told of it."""

import re
import zlib

# Brackets in a text stand bare where they come in pairs, one in another.
INNER = rb"\((?:\\.|[^\\()])*\)"
PAIRED = rb"\((?:\\.|[^\\()]|" + INNER + rb")*\)"
TEXT = rb"\(((?:\\.|[^\\()]|" + PAIRED + rb")*)\)"
ASIDE = rb"<<(?:" + PAIRED + rb"|[^()>])*>>"  # what only a screen reader is told
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|" + ASIDE + rb"|" + TEXT, re.DOTALL)


def read_out(pdf: bytes) -> str:
    """The text as a reader finds it: glyph by glyph, by the tables that lead to letters."""
    objects = {
        int(number): words
        for number, words in re.findall(rb"\n(\d+) 0 obj(.*?)endobj", pdf, re.DOTALL)
    }
    pages = [one for one in objects.values() if re.search(rb"/Type ?/Page\b", one)]
    return "\n".join(_page(one, objects) for one in pages)


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = _behind(rb"/Resources", page, objects)
    fonts = re.search(rb"/Font ?<<(.*?)>>", resources, re.DOTALL)
    letters = {
        name: _letters(_behind(rb"/ToUnicode", objects[int(number)], objects))
        for name, number in re.findall(rb"/(\w+) (\d+) 0 R", fonts[1] if fonts else b"")
    }
    words, table = "", {}
    for font, said in SHOWN.findall(_stream(_behind(rb"/Contents", page, objects))):
        table = letters[font] if font else table
        glyphs = re.sub(rb"\\([0-7]{3}|.)", _meant, said, flags=re.DOTALL)
        pairs = zip(glyphs[::2], glyphs[1::2], strict=True)
        words += "".join(table.get(high * 256 + low, "") for high, low in pairs)
    return words


def _behind(name: bytes, one: bytes, objects: dict[int, bytes]) -> bytes:
    return objects[int(re.search(name + rb" (\d+) 0 R", one)[1])]


def _stream(one: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", one, re.DOTALL)[1]
    return zlib.decompress(found) if b"/FlateDecode" in one else found


def _letters(one: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for glyph, letter in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", _stream(one))
    }


def _meant(found) -> bytes:
    """What stands behind a backslash."""
    octal = found[1].isdigit()
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return bytes([int(found[1], 8)]) if octal else named.get(found[1], found[1])


def must_be_accessible(pdf: bytes, language: str, title: str) -> None:
    """Tagged, PDF/UA, in its language and with its title."""
    assert b"/MarkInfo" in pdf
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang ?\(%s\)" % language.encode(), pdf)
    metadata = pdf[pdf.index(b"<?xpacket") : pdf.index(b"<?xpacket end")].decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert title in metadata
