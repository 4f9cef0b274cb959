"""How often the lists beside the guideposts ask the database: the same with one row and many."""

from django.core.files.base import ContentFile

from tests import factories
from tests.cast import get_through
from tests.test_queries import MOST, asked
from wellbeing.models import CoachOffer, DialogueQuestion, Guidepost, Story, Tool

LISTS = [
    ("member", "/tools/"),
    ("member", "/tools/fitting/?theme=growth&step=peers"),
    ("member", "/questions/bank/"),
    ("member", "/guideposts/earlier/"),
    ("member", "/stories/"),
    ("member", "/coaches/"),
    ("asker", "/coaches/?theme=growth"),
    ("secretariat", "/coaches/"),
    ("member", "/coaches/mine/"),
]


def test_as_many_queries_with_many_rows_as_with_one(house):
    """The tools, the bank of questions, and what was steered by earlier."""
    lone = house.people["secretariat"]

    def counted() -> dict[str, int]:
        return {url: asked(house, role, "get", url) for role, url in LISTS}

    Story.objects.tell(lone, "Nr. 0", guidepost=house.things["guidepost"], named=True)
    one = counted()
    for number in range(12):
        said = {"title": f"Nr. {number}", "about": "-", "themes": ["growth"]}
        Tool.objects.put_up(lone, file=ContentFile(factories.PDF, name="hæfte.pdf"), **said)
        by = factories.make_user(lone.organisation)
        DialogueQuestion.objects.put_in(by, text=f"Hvad {number}?", theme="growth", step="peers")
        Story.objects.tell(by, f"Nr. {number}", guidepost=house.things["guidepost"], named=True)
        get_through(by)
        CoachOffer.objects.make(by, line=f"Nr. {number}")
        unit = factories.make_unit(lone.organisation)
        earlier = Guidepost.objects.word(
            lone.organisation, unit, wording=f"Vi {number}", theme="growth"
        )
        earlier.retire("Det er blevet en vane.") if number % 2 else earlier.reword("Vi", "growth")
    assert counted() == one
    assert max(one.values()) <= MOST
