"""Who may do what: one row per page or action and thing, plain data without code.

`test_access.py` walks every URL of the house against it. The page "who sees what" says it thing by
thing (`meetings/who_sees_what.py`), and `test_who_sees_what.py` tries that on the same pages.
"""

from tests.access_table.agenda import AGENDA
from tests.access_table.apv import APV
from tests.access_table.calendar import CALENDAR
from tests.access_table.care import CARE
from tests.access_table.closings import CLOSINGS
from tests.access_table.coach import COACH
from tests.access_table.composing import COMPOSING
from tests.access_table.dates import DATES
from tests.access_table.decisions import DECISIONS
from tests.access_table.demo import DEMO
from tests.access_table.doors import DOORS
from tests.access_table.entrance import ENTRANCE
from tests.access_table.first_date import FIRST_DATE
from tests.access_table.groups import GROUPS
from tests.access_table.outcome import OUTCOME
from tests.access_table.pages import PAGES
from tests.access_table.peers import PEERS
from tests.access_table.people import PEOPLE
from tests.access_table.room import ROOM
from tests.access_table.sparring import SPARRING
from tests.access_table.taps import TAPS
from tests.access_table.theme_days import THEME_DAYS
from tests.access_table.thread import THREAD
from tests.access_table.tools import TOOLS
from tests.access_table.words import *  # noqa: F403

# One line an area, so that the table grows by a file.
TABLE = [
    *PAGES,
    *GROUPS,
    *DOORS,
    *FIRST_DATE,
    *DATES,
    *CLOSINGS,
    *AGENDA,
    *APV,
    *DECISIONS,
    *CALENDAR,
    *COACH,
    *SPARRING,
    *ENTRANCE,
    *ROOM,
    *OUTCOME,
    *TAPS,
    *COMPOSING,
    *PEOPLE,
    *THEME_DAYS,
    *THREAD,
    *CARE,
    *TOOLS,
    *PEERS,
    *DEMO,
]

# The admin as a whole: only who runs the installation comes in, and no content is registered.
ADMIN = "admin:"
ADMIN_KEEPS = {
    "networks.Organisation",
    "networks.Unit",
    "networks.User",
    "networks.Group",
    "auth.Group",
    "account.EmailAddress",
}
