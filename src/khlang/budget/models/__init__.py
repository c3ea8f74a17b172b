"""Tables of the budget's documents; what is in force lives in sql/control.sql."""

from khlang.budget.models.documents import (
    CarryExtension,
    CarryOver,
    Change,
    Commitment,
    Division,
    DivisionMember,
    DraftLine,
    Enterprise,
    MovingOver,
    Ordinance,
    OrdinanceStep,
    PlanShare,
    RevenueEstimate,
)
from khlang.budget.models.grants import Grant, GrantClock, GrantMoney

__all__ = [
    "CarryExtension",
    "CarryOver",
    "Change",
    "Commitment",
    "Division",
    "DivisionMember",
    "DraftLine",
    "Enterprise",
    "Grant",
    "GrantClock",
    "GrantMoney",
    "MovingOver",
    "Ordinance",
    "OrdinanceStep",
    "PlanShare",
    "RevenueEstimate",
]
