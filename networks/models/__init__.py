from networks.models.agreement import Agreement
from networks.models.asking import JoinRequest, MembersAnswer
from networks.models.composition import Composition
from networks.models.concern import Concern
from networks.models.ending import Ending
from networks.models.group import Group, JoinRefused
from networks.models.invite_link import InviteLink
from networks.models.membership import Membership
from networks.models.organisation import ClosingPeriod, Organisation, Unit
from networks.models.pause import Pause
from networks.models.people_import import Import, ImportLine
from networks.models.proposal import KeptApart, ProposedGroup, Seat, Wish
from networks.models.review import Review, ReviewAnswer
from networks.models.search import Busy
from networks.models.user import User

__all__ = [
    "Agreement",
    "Busy",
    "ClosingPeriod",
    "Composition",
    "Concern",
    "Ending",
    "Group",
    "Import",
    "ImportLine",
    "InviteLink",
    "JoinRefused",
    "JoinRequest",
    "KeptApart",
    "MembersAnswer",
    "Membership",
    "Organisation",
    "Pause",
    "ProposedGroup",
    "Review",
    "ReviewAnswer",
    "Seat",
    "Unit",
    "User",
    "Wish",
]
