"""How often the pages of sparring ask the database: as often with many rows as with few."""

import pytest
from django.urls import reverse

from meetings.models import Case, Sparring, TenMinutes
from tests import factories
from tests.cast import make_house
from tests.test_queries import MOST, asked

pytestmark = pytest.mark.usefixtures("monday")


def looked(house) -> dict[str, int]:
    pages = {
        "questions": ("member", "cases", "network"),
        "questions, facilitator": ("facilitator", "cases", "network"),
        "meeting": ("member", "talks", "network meeting"),
        "talk prepared": ("facilitator", "sparring", "network talk prepared"),
        "talk prepared, member": ("member", "sparring", "network talk prepared"),
        "talk over": ("asker", "sparring", "network talk"),
        "notes": ("asker", "notes", "network talk"),
        "ten minutes": ("member", "ten_minutes", "network"),
    }
    counted = {
        name: asked(house, role, "get", reverse(f"meetings:{url}", args=[house.pk(thing)]))
        for name, (role, url, thing) in pages.items()
    }
    return counted | {"my notes": asked(house, "asker", "get", reverse("meetings:my_notes"))}


def grow(house) -> None:
    network, meeting = house.things["network"], house.things["network meeting"]
    prepared = house.things["network talk prepared"]
    for number in range(12):
        person = factories.make_user(network.organisation)
        network.memberships.create(user=person, affirmed_at=meeting.starts_at)
        for wants in ("share", "test"):
            Case.objects.bring(network, by=person, question=f"{number} {wants}?", wants=wants)
        talked = Case.objects.bring(network, by=house.people["asker"], question=f"{number}?")
        Sparring.objects.create(
            group=network,
            meeting=meeting,
            case=talked,
            focus_person=house.people["asker"],
            state="closed",
            started_at=meeting.starts_at,
            closed_at=meeting.starts_at,
        )
        person.phone = "99 31 10 00"
        person.save(update_fields=["phone"])
        TenMinutes.objects.ask(network, by=person)
    assert prepared.group_id == network.pk


def test_as_many_with_many_as_with_few_and_at_most_eight(db):
    house = make_house()
    few = looked(house)
    grow(house)
    assert looked(house) == few
    assert {page: count for page, count in few.items() if count > MOST} == {}
