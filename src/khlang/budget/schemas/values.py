"""What all bodies of the budget share: strict bodies, amounts as texts, answers made from frozen values."""

from enum import Enum
from typing import Annotated, Any, Self

from ninja import Schema
from pydantic import ConfigDict, Field

from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refused

Year = Annotated[int, Field(ge=2500, le=2700)]
"""A fiscal year of the Buddhist era."""
Percent = Annotated[int, Field(ge=-1000, le=1000)]


class Asked(Schema):
    """A body that holds what is described and nothing else."""

    model_config = ConfigDict(extra="forbid")


class Told(Schema):
    """An answer made from a frozen value: amounts and names in code become texts."""

    @classmethod
    def of(cls, view: object, **more: Any) -> Self:
        """The value for machines; `more` gives what it does not hold itself."""
        own = {name: _plain(getattr(view, name)) for name in cls.model_fields if name not in more}
        return cls.model_validate({**own, **more})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Baht | Enum) else value


def amount_of(text: str, where: str) -> Baht:
    """Read an amount of a body. Refuses kernel.amount_* at its field."""
    try:
        return parse_amount(text) if text else ZERO
    except Refused as refused:
        raise Refused(*(refusal.at(where) for refusal in refused.refusals)) from refused
