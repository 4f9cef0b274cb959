from notifications.models.delivery import Delivery
from notifications.models.ledger import CalendarEntry

__all__ = ["CalendarEntry", "Delivery"]
