"""Codes to point a phone at, as SVG inside the page."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(address: str) -> SafeString:
    """Dark on white whatever the reader's colours are: else phones don't read it."""
    file = BytesIO()
    code = segno.make(address, error="m")
    looks = {"dark": "#1D2B30", "light": "#FFFFFF", "border": 3, "omitsize": True}
    code.save(file, kind="svg", xmldecl=False, svgclass=None, lineclass=None, nl=False, **looks)
    return mark_safe(file.getvalue().decode())
