"""Six guideposts to start from, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import get_language

from wellbeing import starters
from wellbeing.models.theme import Theme


@dataclass(frozen=True)
class Example:
    theme: Theme
    wording: str
    how_we_see_it: str

    @property
    def as_initial(self) -> dict[str, str]:
        """What a form begins with when somebody starts from it."""
        return {
            "theme": self.theme,
            "wording": self.wording,
            "how_we_see_it": self.how_we_see_it,
        }


def examples() -> list[Example]:
    language = "en" if get_language() == "en" else "da"
    return [Example(Theme(one["theme"]), *one[language]) for one in starters.EXAMPLES]


def example_of(theme: str) -> Example | None:
    return next((one for one in examples() if one.theme == theme), None)
