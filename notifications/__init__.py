"""Who gets which message when, sent once. The bottom of the house: it knows no words of its own."""

from notifications.doorbell import ring

__all__ = ["ring"]
