from meetings.models.agenda import AgendaItem, ChangedMeanwhile, Support
from meetings.models.answer import Answer
from meetings.models.apv_item import ApvItem
from meetings.models.area_figure import AreaFigure
from meetings.models.cancellation import Cancellation
from meetings.models.case import Case, CaseCount
from meetings.models.commitment import Commitment
from meetings.models.date_search import DateSearch, Fit, PossibleTime
from meetings.models.feed import Feed
from meetings.models.format import Format, Phase
from meetings.models.invitation import Invitation
from meetings.models.meeting import Meeting
from meetings.models.notes import Notes
from meetings.models.parked import ParkedItem, ParkingSuggestion
from meetings.models.part import Part
from meetings.models.renewal import Renewal
from meetings.models.rhythm import Occurrence
from meetings.models.room import Room
from meetings.models.series import Series
from meetings.models.sparring import Sparring
from meetings.models.tap import TapRound
from meetings.models.tap_choice import TapChoice, TapQuestion
from meetings.models.ten_minutes import TenMinutes
from meetings.models.trace import Trace

__all__ = [
    "AgendaItem",
    "Answer",
    "ApvItem",
    "AreaFigure",
    "Cancellation",
    "Case",
    "CaseCount",
    "ChangedMeanwhile",
    "Commitment",
    "DateSearch",
    "Feed",
    "Fit",
    "Format",
    "Invitation",
    "Meeting",
    "Notes",
    "Occurrence",
    "ParkedItem",
    "ParkingSuggestion",
    "Part",
    "Phase",
    "PossibleTime",
    "Renewal",
    "Room",
    "Series",
    "Sparring",
    "Support",
    "TapChoice",
    "TapQuestion",
    "TapRound",
    "TenMinutes",
    "Trace",
]
