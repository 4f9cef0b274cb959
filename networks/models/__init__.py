from networks.models.group import Agreement, Group, JoinRefused, Membership
from networks.models.organisation import ClosingPeriod, Organisation, Unit
from networks.models.user import User

__all__ = [
    "Agreement",
    "ClosingPeriod",
    "Group",
    "JoinRefused",
    "Membership",
    "Organisation",
    "Unit",
    "User",
]
