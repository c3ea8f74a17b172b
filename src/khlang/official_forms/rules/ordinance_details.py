"""Revenue and expenditure told line by line with the explanations that bind them (R77, R82)."""

from collections.abc import Iterator, Sequence
from functools import partial

from khlang.budget.rules import DraftLineView, Explanation
from khlang.kernel.money import ZERO, Baht
from khlang.official_forms.rules.blocks import Block
from khlang.official_forms.rules.budget_tree import LEVELS, REVENUE_LEVELS, TYPE
from khlang.official_forms.rules.ordinance_paper import OrdinancePaper
from khlang.official_forms.rules.paper import Printing, text_for
from khlang.official_forms.rules.phrases import phrase

say = partial(phrase, "volume", "details")
_TOLD = ("nature", "quantity", "quality", "place", "unit_price")
_GROUNDS = ("legal_basis", "plan_reference")


def _entry(printing: Printing, level: int, name: str, amount: Baht, told: Sequence[str] = (), *, sums: bool) -> Block:
    """`sums`: a head whose amount is the sum of what follows."""
    return {
        "kind": "entry",
        "level": level,
        "is_head": sums,
        "name": text_for(printing, name),
        "word": text_for(printing, say("sum" if sums else "amount")),
        "amount": text_for(printing, amount.display()),
        "baht": text_for(printing, phrase("volume", "words", "baht")),
        "told": [text_for(printing, text) for text in told],
    }


def spending_details(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Iterator[Block]:
    """Every line with its explanation, under plan, work, budget, category and type with their sums."""
    lines = sorted(
        (line for line in paper.lines if line.draft.identity.enterprise == enterprise and line.draft.amount), key=_order
    )
    yield from _under(lines, 0, paper, printing)


def _order(line: DraftLineView) -> tuple[str, ...]:
    identity = line.draft.identity
    return (identity.work, identity.budget_type, identity.item, identity.division, identity.fund_source)


def _codes(line: DraftLineView) -> tuple[str, str, str]:
    return (line.draft.identity.work, line.draft.identity.budget_type, line.draft.identity.item)


def _under(lines: list[DraftLineView], depth: int, paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    found: dict[str, list[DraftLineView]] = {}
    for line in lines:
        found.setdefault(LEVELS[depth](_codes(line)), []).append(line)
    for code, below in found.items():
        name = paper.names.get(code, code)
        alone = depth == TYPE and len(below) == 1 and not below[0].draft.identity.item
        if not alone:
            total = sum((line.draft.amount for line in below), ZERO)
            yield _entry(printing, depth, name, total, sums=True)
        if depth < TYPE:
            yield from _under(below, depth + 1, paper, printing)
            continue
        for line in below:
            told = _told(line, paper)
            yield _entry(
                printing, TYPE + (not alone), line.draft.identity.item or name, line.draft.amount, told, sums=False
            )


def _told(line: DraftLineView, paper: OrdinancePaper) -> list[str]:
    explanation, identity = line.draft.explanation, line.draft.identity
    told = [*explanation.text.splitlines(), " ".join(_named(explanation, _TOLD)), *_named(explanation, _GROUNDS)]
    division, source = (paper.names.get(code, code) for code in (identity.division, identity.fund_source))
    return [text for text in (*told, say("owner", division=division, source=source)) if text.strip()]


def _named(explanation: Explanation, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        text = getattr(explanation, name)
        if text:
            yield say(name, text=text)


def revenue_details(paper: OrdinancePaper, enterprise: str, printing: Printing) -> Iterator[Block]:
    """Every estimate with its explanation, under group and category with their sums."""
    estimates = sorted(
        (e for e in paper.estimates if e.enterprise == enterprise and e.amount), key=lambda e: e.budget_type
    )
    sums: dict[str, Baht] = {}
    for each in estimates:
        for level in REVENUE_LEVELS:
            code = level(("", each.budget_type, ""))
            sums[code] = sums.get(code, ZERO) + each.amount
    seen: set[str] = set()
    for each in estimates:
        for depth, level in enumerate(REVENUE_LEVELS):
            code = level(("", each.budget_type, ""))
            if code not in seen:
                seen.add(code)
                yield _entry(printing, depth, paper.revenue_names.get(code, code), sums[code], sums=True)
        told = [text for text in each.explanation.splitlines() if text.strip()]
        yield _entry(printing, 2, each.name, each.amount, told, sums=False)
