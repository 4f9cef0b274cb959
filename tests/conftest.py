import pytest
import time_machine
from django.core.cache import cache

from config.celery import app as celery_app
from tests import factories

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
