"""Something left to do: every area lists its own, the home page shows them all."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from khlang.kernel.money import Baht
from khlang.kernel.statements import Link

Urgency = Literal["returned", "overdue", "due", "todo", "waiting"]
"""In this order on the page: sent back to the reader, past its day, near its day, to be done, waiting for others."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what it is in both languages, why, how much (baht), until when, and the page to do it on."""

    key: str
    urgency: Urgency
    title_th: str
    title_en: str
    link: Link
    detail_th: str = ""
    detail_en: str = ""
    amount: Baht | None = None
    due: date | None = None
    icon: str = "clipboard-check"
