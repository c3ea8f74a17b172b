"""The half-yearly review of the list of users: when it is due, and what is wrong with one (R16)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise

MONTHS_A_YEAR = 12
KEEP, END = "keep", "end"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one person was judged: kept with her roles, or ended with a reason."""

    user_id: int
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One review that was signed: who, when, and every person as she stood then."""

    review_id: str
    reviewed_by_name: str
    reviewed_at: datetime
    people: tuple[Mapping[str, object], ...]

    @property
    def ended(self) -> int:
        """How many people it took off the list."""
        return sum(each.get("verdict") == END for each in self.people)


def review_due_on(*, last: date | None, months: int, first_person_on: date | None) -> date | None:
    """The day by which the next review is due: so many months after the last, or after the list began; None without a list."""
    since = last or first_person_on
    if since is None:
        return None
    month = since.month - 1 + months
    year, month = since.year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1
    day = since.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1  # the 31st of a short month


def check_review(judged: Collection[Judgement], *, listed: Collection[int], reviewer: int) -> Iterator[Refusal]:
    """Everything wrong with a review.

    identity.review_incomplete {count}: somebody was not judged. identity.review_reason_missing: an end without reason.
    identity.leaving_oneself: the reviewer ends herself. identity.person_unknown: somebody who is not on the list.
    """
    verdicts = {each.user_id: each for each in judged if each.verdict in {KEEP, END}}
    missing = [number for number in listed if number not in verdicts]
    if missing:
        yield Refusal("identity.review_incomplete", {"count": len(missing)}, f"verdict.{missing[0]}")
    for number, each in verdicts.items():
        place = f"reason.{number}"
        if number not in listed:
            yield Refusal("identity.person_unknown", where=place)
        elif each.verdict == END and number == reviewer:
            yield Refusal("identity.leaving_oneself", where=place)
        elif each.verdict == END and not normalise(each.reason):
            yield Refusal("identity.review_reason_missing", where=place)
