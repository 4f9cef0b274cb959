"""A guidepost with all that it led to, and a season of the organisation as a picture."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, all_of, row

ELSEWHERE = dict.fromkeys(["outsider", "superuser"], HIDDEN)

THREAD = [
    row(
        "meetings:season_map",
        GET,
        "",
        "a year of one’s organisation on a map",
        SEES,
        superuser=HIDDEN,
    ),
    row("meetings:guidepost", GET, "guidepost", "a guidepost’s whole thread", SEES, **ELSEWHERE),
    row(
        "meetings:guidepost_question",
        POST,
        "guidepost",
        "put a question about a guidepost on one’s next leader meeting",
        NOT_ALLOWED,
        **all_of(DOES, "asker", "member", "manager") | ELSEWHERE,
    ),
]
