import math

import pytest

from networks.models import Organisation
from notifications import doorbell, kinds
from tests.notifications.post_office import PostOffice, mailer


@pytest.fixture
def post(settings):
    """The mail server everything goes to."""
    with PostOffice() as office:
        settings.MAILERS = mailer(office.port)
        yield office


@pytest.fixture
def note():
    """A plain kind of message about an organisation. `note["still_true"] = "moved"` ends it."""
    script = {"still_true": True, "broken": []}

    def message(delivery, organisation):
        if delivery.recipient.email in script["broken"]:
            raise ZeroDivisionError
        name = delivery.recipient.name
        return kinds.Message(f"Hilsen fra {organisation}", f"Kære {name}", f"<p>Kære {name}</p>")

    kinds.register(
        "tests.note",
        preference=kinds.MUST_REACH,
        still_true=lambda delivery, organisation: script["still_true"],
        message=message,
        subjects=Organisation.objects.all,
    )
    yield script
    del kinds._kinds["tests.note"]


@pytest.fixture
def silent_bell(monkeypatch):
    """Nobody hears the doorbell: what is due waits until somebody looks."""
    monkeypatch.setattr(doorbell, "_away_until", math.inf)
