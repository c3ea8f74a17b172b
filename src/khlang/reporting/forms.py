"""Reads the choices of the journal list."""

from collections.abc import Mapping, Sequence
from datetime import date

from khlang.kernel.money import Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.ledger.rules import JournalFilter

FIELDS = ("search", "kind", "account", "fund_source", "amount", "since", "to")
ORDERS = ("-date", "date", "-number", "number", "-posted", "posted")


class JournalFilterForm:
    """What a list of journals is narrowed by; what cannot be read is told and left out."""

    def __init__(self, given: Mapping[str, str], *, years: Sequence[int], today: date) -> None:
        self._given = given
        self._today = today
        self.refusals: list[Refusal] = []
        asked = given.get("year", "")
        self.fiscal_year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), 0)
        self.start = self._day("since")
        self.end = self._day("to")
        self.amount = self._amount()
        self.given: dict[str, object] = {name: given.get(name, "") for name in FIELDS} | {
            name: day for name, day in (("since", self.start), ("to", self.end)) if day
        }
        order = given.get("order", "")
        self.order = order if order in ORDERS else ORDERS[0]

    def chosen(self, *, page_size: int) -> JournalFilter:
        """The filter for the ledger."""
        number = self._given.get("page", "")
        return JournalFilter(
            fiscal_year=self.fiscal_year,
            start=self.start,
            end=self.end,
            kind=self._given.get("kind", ""),
            account=self._given.get("account", "").strip(),
            fund_source=self._given.get("fund_source", ""),
            search=self._given.get("search", "").strip(),
            amount=self.amount,
            order=self.order,
            page=max(1, int(number)) if number.isdecimal() else 1,
            page_size=page_size,
        )

    def _day(self, name: str) -> date | None:
        text = self._given.get(name, "").strip()
        if not text:
            return None
        try:
            return parse_date(text, today=self._today).day
        except Refused as refused:
            self.refusals += [refusal.at(name) for refusal in refused.refusals]
            return None

    def _amount(self) -> Baht | None:
        text = self._given.get("amount", "").strip()
        if not text:
            return None
        try:
            return parse_amount(text)
        except Refused as refused:
            self.refusals += [refusal.at("amount") for refusal in refused.refusals]
            return None
