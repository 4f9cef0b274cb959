from wellbeing.models.action import Action
from wellbeing.models.apv import Apv
from wellbeing.models.apv_event import ApvEvent
from wellbeing.models.apv_seat import Seat
from wellbeing.models.apv_theme import ApvTheme, Heading
from wellbeing.models.board import Cluster, Dot, Note, Wording
from wellbeing.models.coach import CoachProgramme
from wellbeing.models.coach_offer import CoachOffer
from wellbeing.models.cohort import Cohort
from wellbeing.models.course_day import CourseDay, DayInvitation
from wellbeing.models.decision import Decision, DecisionEvent
from wellbeing.models.enrolment import Enrolment
from wellbeing.models.finding import Assessment, Finding
from wellbeing.models.guidepost import Guidepost
from wellbeing.models.presentation import Presentation
from wellbeing.models.question import DialogueQuestion
from wellbeing.models.statement import Statement
from wellbeing.models.story import Story
from wellbeing.models.theme import Step, Theme
from wellbeing.models.theme_day import ThemeDay
from wellbeing.models.tool import Tool, ToolFile

__all__ = [
    "Action",
    "Apv",
    "ApvEvent",
    "ApvTheme",
    "Assessment",
    "Cluster",
    "CoachOffer",
    "CoachProgramme",
    "Cohort",
    "CourseDay",
    "DayInvitation",
    "Decision",
    "DecisionEvent",
    "DialogueQuestion",
    "Dot",
    "Enrolment",
    "Finding",
    "Guidepost",
    "Heading",
    "Note",
    "Presentation",
    "Seat",
    "Statement",
    "Step",
    "Story",
    "Theme",
    "ThemeDay",
    "Tool",
    "ToolFile",
    "Wording",
]
