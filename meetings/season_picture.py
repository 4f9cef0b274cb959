"""Where everything stands in the picture of a year: numbers for the SVG, nothing else.

Time runs from left to right. Each kind of thing has its lane, and a lane that nothing is in isn't
drawn. What the colours are, the style sheet says.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from textwrap import shorten, wrap

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.season_map import SeasonMap, Sign

WIDTH, LEFT, RIGHT = 1200, 24, 1176
HEAD = 64  # the names of the months
GAP = 40  # between two lanes, with the name of the next
LETTER = 9.3  # how wide one is at most, about, in whatever font the voice is set
LINE, LABEL = 19, 30  # between two lines; letters in one
POSTS = 9  # guideposts that have a line of their own
POST, COURSE, DAYS, SEA = 41, 62, 44, 100  # heights


@dataclass(frozen=True)
class Mark:
    """One sign, and its words where there is room for them."""

    sign: Sign
    x: float
    y: float
    lines: list[tuple[float, float, str]]
    anchor: str = "start"


@dataclass
class Lane:
    kind: str
    title: str
    y: float
    height: float = 0
    marks: list[Mark] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)

    @property
    def title_y(self) -> float:
        return self.y - 16

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Picture:
    def __init__(self, season: SeasonMap):
        self.season = season
        self.height = HEAD
        self.lanes = [lane for lane in self._lanes() if lane]
        self.height += 24
        self.depth = self.height - HEAD + 18  # from under the names of the months

    def _lanes(self):
        yield self._signs("days", _("Theme days"), "day")
        yield self._posts()
        yield self._sea()
        yield self._courses()
        yield self._signs("management", _("Presented and decided"), "presented", "decided")
        yield self._education()

    def _lane(self, kind: str, title: str) -> Lane:
        self.height += GAP
        return Lane(kind, title, self.height)

    def _end(self, lane: Lane, height: float) -> Lane:
        lane.height = height
        self.height += height
        return lane

    # ---- time

    def x(self, day: date) -> float:
        season = self.season
        share = (day - season.begins) / (season.ends - season.begins)
        return round(LEFT + (RIGHT - LEFT) * min(1, max(0, share)), 1)

    @property
    def months(self) -> list[dict]:
        """Each with its name, and where another year begins the year."""
        told = []
        for number, month in enumerate(self.season.months):
            ends = (month.first + timedelta(days=31)).replace(day=1)
            new = number == 0 or month.first.month == 1
            told.append(
                {
                    "x": self.x(month.first),
                    "width": round(self.x(ends) - self.x(month.first), 1),
                    "middle": self._middle(month.first),
                    "name": date_format(month.first, "F"),
                    "year": str(month.first.year) if new else "",
                    "odd": number % 2,
                }
            )
        return told

    def _middle(self, first: date) -> float:
        return self.x(first + timedelta(days=15))

    @property
    def today(self) -> float | None:
        season = self.season
        return self.x(season.today) if season.begins <= season.today < season.ends else None

    @property
    def now(self) -> float:
        """Where what has been ends, in any year."""
        return self.x(self.season.today)

    # ---- signs with words

    def _signs(self, lane_kind: str, title: str, *kinds: str) -> Lane | None:
        signs = [sign for sign in self.season.signs if sign.kind in kinds]
        if not signs:
            return None
        lane = self._lane(lane_kind, title)
        ends = [LEFT - 20.0] * 3  # how far each of three rows is taken
        for sign in signs:
            lane.marks.append(self._mark(sign, lane.y, ends))
        rows = 1 + max(round((mark.y - lane.y) // 46) for mark in lane.marks)
        return self._end(lane, rows * 46)

    def _mark(self, sign: Sign, top: float, ends: list[float]) -> Mark:
        """In the first row where its words stand on no others; without words if there is none."""
        x = self.x(sign.on)
        words = wrap(sign.words, LABEL, max_lines=2, placeholder=" …")
        wide = 22 + LETTER * max(len(line) for line in words)
        left = x + wide > RIGHT + 8
        begins, finish = (x - wide, x + 12) if left else (x - 10, x + wide)
        for row, end in enumerate(ends):
            if begins >= end:
                ends[row] = finish + 14
                y = top + 46 * row + 12
                at = x - 18 if left else x + 18
                lines = [(at, y + 5 + LINE * n, line) for n, line in enumerate(words)]
                return Mark(sign, x, y, lines, "end" if left else "start")
        return Mark(sign, x, top + 12, [])

    # ---- guideposts

    @property
    def more_posts(self) -> int:
        return max(0, len(self.season.posts) - POSTS)

    def _posts(self) -> Lane | None:
        if not self.season.posts:
            return None
        lane = self._lane("posts", _("Guideposts, and when they were talked about"))
        for number, post in enumerate(self.season.posts[:POSTS]):
            y = lane.y + POST * number
            begins, ends = self.x(post.since), self.x(post.until or self.season.ends)
            late = begins > LEFT + 0.55 * (RIGHT - LEFT)
            room = (ends if late else RIGHT - begins) / (LETTER + 0.7)
            lane.rows.append(
                {
                    "guidepost": post.guidepost,
                    "words": shorten(post.guidepost.wording, int(room), placeholder=" …"),
                    "x": ends if late else begins + (20 if post.since >= self.season.begins else 0),
                    "anchor": "end" if late else "start",
                    "y": y + 12,
                    "line": y + 26,
                    "begins": begins,
                    "ends": ends,
                    "now": min(ends, max(begins, self.now)),
                    "new": post.since >= self.season.begins,
                    "dots": [
                        (self._middle(first), round(3.2 + 2 * min(times, 9) ** 0.5, 1), times)
                        for first, times in sorted(post.talked.items())
                    ],
                }
            )
        return self._end(lane, POST * len(lane.rows))

    # ---- leader meetings, as a sea

    def _sea(self) -> Lane | None:
        if not self.season.talks:
            return None
        lane = self._lane("sea", _("Leader meetings, month by month"))
        most = max(month.meetings for month in self.season.months)
        bottom = lane.y + SEA
        heights = [(SEA - 22) * month.meetings / most for month in self.season.months]
        points = [self._middle(month.first) for month in self.season.months]
        lane.rows = [
            {
                "path": _wave(points, heights, bottom, share),
                "deep": share < 1,
            }
            for share in (1, 0.55)
        ]
        for month, x, height in zip(self.season.months, points, heights, strict=True):
            if month.meetings:
                lane.rows.append({"number": month.meetings, "x": x, "y": bottom - height - 8})
        return self._end(lane, SEA)

    # ---- APV

    def _courses(self) -> Lane | None:
        if not self.season.courses:
            return None
        lane = self._lane("apv", _("Leader-APV"))
        for number, course in enumerate(self.season.courses):
            y = lane.y + COURSE * number
            parts = []
            for one in course.stretches:
                begins, ends = self.x(one.begins), self.x(one.ends)
                width = round(max(3, ends - begins - 3), 1)
                named = width > 6.6 * len(one.label)
                parts.append(
                    {"x": begins, "width": width, "phase": one.phase, "label": one.label,
                     "named": named}
                )  # fmt: skip
            lane.rows.append(
                {
                    "name": str(course.unit),
                    "x": parts[0]["x"],
                    "y": y + 10,
                    "bar": y + 20,
                    "under": y + 54,
                    "parts": parts,
                    "signed": [self.x(on) for on in course.signed],
                }
            )
        return self._end(lane, COURSE * len(lane.rows))

    # ---- coach education

    def _education(self) -> Lane | None:
        by_programme: dict[str, list[Sign]] = {}
        for sign in self.season.signs:
            if sign.kind == "course":
                by_programme.setdefault(sign.words, []).append(sign)
        if not by_programme:
            return None
        lane = self._lane("education", _("Coach education"))
        for number, (name, signs) in enumerate(by_programme.items()):
            y, days = lane.y + DAYS * number, [self.x(sign.on) for sign in signs]
            late = days[0] > LEFT + 0.6 * (RIGHT - LEFT)
            lane.rows.append(
                {
                    "name": shorten(name, 60, placeholder=" …"),
                    "x": days[-1] if late else days[0],
                    "anchor": "end" if late else "start",
                    "y": y + 10,
                    "line": y + 26,
                    "begins": days[0],
                    "ends": days[-1],
                    "days": [(self.x(one.on), one.on < self.season.today) for one in signs],
                }
            )
        return self._end(lane, DAYS * len(lane.rows))

    # ---- the thread through all of it

    @cached_property
    def thread(self) -> str:
        """From the first theme day by the APV and what was decided last to the education."""
        by_kind = {lane.kind: lane for lane in self.lanes}
        points = []
        if days := by_kind.get("days"):
            points.append((days.marks[0].x, days.marks[0].y))
        if apv := by_kind.get("apv"):
            points.append((apv.rows[0]["x"] + 2, apv.rows[0]["bar"] + 10))
        education = by_kind.get("education")
        begins = education.rows[0]["begins"] if education else self.now
        if management := by_kind.get("management"):
            last = {mark.sign.kind: mark for mark in management.marks if mark.x <= begins}
            points += [(last[kind].x, last[kind].y) for kind in sorted(last, reverse=True)]
        if education:
            points.append((begins, education.rows[0]["line"]))
        if len(points) < 2 or points != sorted(points):
            return ""  # it didn’t go that way this year
        said = f"M{points[0][0]} {points[0][1]}"
        for (x1, y1), (x2, y2) in pairwise(points):
            middle = round((y1 + y2) / 2, 1)
            said += f"C{x1} {middle} {x2} {middle} {x2} {y2}"
        return said


def _wave(points: list[float], heights: list[float], bottom: float, share: float) -> str:
    """A line over the months, flat on each crest and in each trough, down to the bottom."""
    ys = [round(bottom - height * share, 1) for height in heights]
    said = f"M{LEFT} {bottom}V{ys[0]}H{points[0]}"
    for (x1, y1), (x2, y2) in pairwise(zip(points, ys, strict=True)):
        middle = round((x1 + x2) / 2, 1)
        said += f"C{middle} {y1} {middle} {y2} {x2} {y2}"
    return f"{said}H{RIGHT}V{bottom}Z"
