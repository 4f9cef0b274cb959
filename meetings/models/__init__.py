from meetings.models.agenda import AgendaItem, ParkedItem, Support
from meetings.models.answer import Answer
from meetings.models.feed import Feed
from meetings.models.format import Format, Phase
from meetings.models.invitation import Invitation
from meetings.models.meeting import Cancellation, Meeting
from meetings.models.series import Occurrence, Series

__all__ = [
    "AgendaItem",
    "Answer",
    "Cancellation",
    "Feed",
    "Format",
    "Invitation",
    "Meeting",
    "Occurrence",
    "ParkedItem",
    "Phase",
    "Series",
    "Support",
]
