"""Walking all pages of the house of `tests/cast.py` as everybody, to see who can read what."""

from django.urls import reverse

from tests import access_table as table


def address(house, row) -> str:
    args = {"": [], "mail": [1], "persona": ["leader"]}.get(row.thing)
    return reverse(row.url, args=[house.pk(row.thing)] if args is None else args)


def pages_of(house, role, also=()) -> dict[str, str]:
    """Every page of the table, and of the addresses `also`, that this person can open."""
    client = house.client(role)
    urls = [address(house, row) for row in table.TABLE if row.method == "GET"]
    answers = {url: client.get(url) for url in dict.fromkeys([*urls, *also])}
    return {
        url: a.content.decode(errors="replace")
        for url, a in answers.items()
        if a.status_code == 200
    }


def where(pages: dict[str, str], words: str) -> list[str]:
    return sorted(url for url, html in pages.items() if words in html)


def who_reads(everybodys_pages, words: str) -> set[str]:
    return {role for role, pages in everybodys_pages.items() if where(pages, words)}
