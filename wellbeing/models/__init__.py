from wellbeing.models.board import Cluster, Dot, Note, Wording
from wellbeing.models.guidepost import Guidepost
from wellbeing.models.question import DialogueQuestion
from wellbeing.models.theme import Step, Theme
from wellbeing.models.theme_day import ThemeDay

__all__ = [
    "Cluster",
    "DialogueQuestion",
    "Dot",
    "Guidepost",
    "Note",
    "Step",
    "Theme",
    "ThemeDay",
    "Wording",
]
