from networks.models.agreement import Agreement
from networks.models.asking import JoinRequest, MembersAnswer
from networks.models.group import Group, JoinRefused
from networks.models.invite_link import InviteLink
from networks.models.membership import Membership
from networks.models.organisation import ClosingPeriod, Organisation, Unit
from networks.models.user import User

__all__ = [
    "Agreement",
    "ClosingPeriod",
    "Group",
    "InviteLink",
    "JoinRefused",
    "JoinRequest",
    "MembersAnswer",
    "Membership",
    "Organisation",
    "Unit",
    "User",
]
