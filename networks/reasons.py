"""What is unclear about a line of a table, in a sentence, and what becomes of that line."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    "no_email": gettext_lazy("There is no e-mail address. Without one nobody can sign in."),
    "no_name": gettext_lazy("There is no name."),
    "too_long": gettext_lazy(
        "A name or a unit is longer than %(most)s letters. Has a column slipped?"
    ),
    "bad_email": gettext_lazy("“%(email)s” isn’t an e-mail address."),
    "contradicts": gettext_lazy(
        "The same address stands on line %(lines)s too, with other details. Which is right?"
    ),
    "twice": gettext_lazy("The same as line %(line)s, which counts."),
    "turned_off": gettext_lazy("This person’s access is turned off here."),
    "elsewhere": gettext_lazy(
        "The address belongs to somebody outside your organisation and can’t be used here."
    ),
    "left": gettext_lazy(
        "Somebody with this address has left. Are they back? Then add them by hand."
    ),
    "namesake": gettext_lazy(
        "Somebody of that name is here with the address %(email)s. If it is them, correct their "
        "address first. If it is somebody else, add them by hand."
    ),
    "unknown_manager": gettext_lazy("We don’t know the manager “%(manager)s”."),
    "several_managers": gettext_lazy(
        "Several people are called “%(manager)s”. Give the manager’s e-mail address."
    ),
    "cycle": gettext_lazy("%(names)s would stand above each other in a circle."),
    "ambiguous_unit": gettext_lazy(
        "There are several units called “%(unit)s”. Give the unit above it, too."
    ),
    "bad_phone": gettext_lazy("“%(phone)s” isn’t a phone number."),
    "long_title": gettext_lazy("The title is longer than %(most)s letters."),
}
KEPT_BACK = {
    "unknown_manager": gettext_lazy("Nearest manager stays as it is."),
    "several_managers": gettext_lazy("Nearest manager stays as it is."),
    "cycle": gettext_lazy("Nearest manager stays as it is."),
    "ambiguous_unit": gettext_lazy("The unit stays as it is."),
    "bad_phone": gettext_lazy("It is left out."),
    "long_title": gettext_lazy("It is left out."),
}
LABELS = {
    "name": gettext_lazy("name"),
    "title": gettext_lazy("title"),
    "phone": gettext_lazy("phone"),
    "unit": gettext_lazy("unit"),
    "manager": gettext_lazy("nearest manager"),
}


def in_words(reason: str, details: dict) -> str:
    lists = {name: _and(value) for name, value in details.items() if isinstance(value, list)}
    sentence = str(SENTENCES[reason]) % (details | lists)
    return f"{sentence} {KEPT_BACK.get(reason, '')}".strip()


def _and(values: list) -> str:
    words = [str(value) for value in values]
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}
