"""The case as a living organisation, made by the same verbs that the pages call."""

from meetings.demo.history import tell

__all__ = ["tell"]
