from wellbeing.models.guidepost import Guidepost, Theme
from wellbeing.models.question import DialogueQuestion

__all__ = ["DialogueQuestion", "Guidepost", "Theme"]
