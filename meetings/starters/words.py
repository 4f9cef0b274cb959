"""How a starter is written down."""


def phase(kind, minutes, danish, english, parts=None, each_round=False) -> dict:
    """`danish` and `english` are each a title and one line of guidance."""
    said = {"kind": kind, "minutes": minutes, "each_round": each_round}
    said["title_da"], said["line_da"] = danish
    said["title_en"], said["line_en"] = english
    if parts:
        said["parts"] = parts
    return said


def starter(slug, purpose, name, about, phases, people=(None, None), rounds=1) -> dict:
    return {
        "slug": slug,
        "purpose": purpose,
        "name_da": name[0],
        "name_en": name[1],
        "about_da": about[0],
        "about_en": about[1],
        "people_from": people[0],
        "people_to": people[1],
        "rounds": rounds,
        "phases": phases,
    }
