import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from config.celery import app as celery_app
from tests import access_table, factories
from tests.cast import make_house
from tests.walk import pages_of

MONDAY = "2026-11-09T10:00:00+01:00"  # an ordinary week without holidays, and so are the next five


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def monday():
    """The clock stands on an ordinary Monday at ten and can be moved: `monday.shift(days=1)`."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True, scope="session")
def _tasks_run_at_once():
    celery_app.conf.task_always_eager = True
    celery_app.conf.task_eager_propagates = True


@pytest.fixture
def organisation(db):
    return factories.make_organisation("Havby")


@pytest.fixture
def leader(organisation):
    return factories.make_user(organisation, "Karen Holm", email="karen@example.org")


@pytest.fixture
def secretariat(organisation):
    return factories.make_user(organisation, "Lone Østergaard", is_secretariat=True)


@pytest.fixture
def outsider(db):
    return factories.make_user(factories.make_organisation("Skovlund"), "Peter Vang")


@pytest.fixture
def team(organisation, leader):
    """A leadership team of four with Karen in it."""
    others = [factories.make_user(organisation) for _ in range(3)]
    return factories.make_team(organisation, [leader, *others], name="Område Nord")


@pytest.fixture
def network(organisation, leader):
    """A confidential network group of four, Karen in it, somebody else its facilitator."""
    others = [factories.make_user(organisation) for _ in range(3)]
    return factories.make_group(organisation, [*others, leader], name="Fyret", status="running")


# ---- the house that all doors are tried in


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker):
    """One house for all tests of a file; what a test does in it is undone after the test."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(MONDAY, tick=False),
        transaction.atomic(),
    ):
        settings.MAIL_FOLDER.mkdir(exist_ok=True)
        settings.MAIL_FOLDER.joinpath("000001.eml").write_text("Subject: Hej\n\nHej")
        yield make_house()
        transaction.set_rollback(True)


@pytest.fixture
def house(made_once, db):
    return made_once


@pytest.fixture(scope="module")
def walked_once(made_once):
    return {role: pages_of(made_once, role) for role in access_table.ROLES}


@pytest.fixture
def everybodys_pages(house, walked_once):
    """What everybody can read anywhere: pages by address, by role."""
    return walked_once
