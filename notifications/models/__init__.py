from notifications.models.delivery import Delivery
from notifications.models.ledger import CalendarEntry
from notifications.models.preference import Preference

__all__ = ["CalendarEntry", "Delivery", "Preference"]
