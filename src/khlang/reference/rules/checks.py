"""What must be true across the lists; every fault at its file and row."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from khlang.kernel.refusals import Refusal
from khlang.reference.rules import selectors
from khlang.reference.rules.files import LAYOUTS, LISTS
from khlang.reference.rules.reading import Placed, ReferenceSet
from khlang.reference.rules.values import CHARTS, NATIONAL_CHART, OLD_CHART, Account, Parameter, StatementLine

STATEMENTS = ("financial-position", "financial-performance")
"""Each postable account stands on exactly one line of one of these."""

PROVINCES = 77
CARRIED_KINDS = ("asset", "liability", "net_assets")
_FIRST_YEAR, _LAST_YEAR = 2500, 2700


def check(found: ReferenceSet) -> Iterator[Refusal]:
    """Every fault of the set as a whole, list by list."""
    for rule in (_years, _parents, _accounts, _placement, _budget_types, _lines, _totals, _laws, _provinces):
        yield from rule(found)


def _years(found: ReferenceSet) -> Iterator[Refusal]:
    for national in LISTS:
        for placed in found.rows[national.name]:
            first, last = _validity(placed.value)
            if first is None:
                continue
            if isinstance(first, int) and not _FIRST_YEAR <= first <= _LAST_YEAR:
                yield Refusal("reference.year_not_buddhist", {"year": first}, placed.place)
            if last is not None and last < first:
                yield Refusal("reference.ends_before_it_begins", {"first": str(first), "last": str(last)}, placed.place)


def _validity(value: Any) -> tuple[Any, Any]:
    if isinstance(value, Parameter):
        return value.valid_from, value.valid_to
    return getattr(value, "valid_from_year", None), getattr(value, "valid_to_year", None)


def _parents(found: ReferenceSet) -> Iterator[Refusal]:
    for name in ("account", "budget_type", "plan"):
        parents = {placed.value.code: placed.value.parent_code for placed in found.rows[name]}
        for placed in found.rows[name]:
            value = placed.value
            if value.parent_code and value.parent_code not in found.codes[name]:
                yield Refusal(
                    "reference.parent_unknown", {"code": value.code, "parent": value.parent_code}, placed.place
                )
            elif _circles(value.code, parents):
                yield Refusal("reference.parent_circular", {"code": value.code}, placed.place)


def _circles(code: str, parents: dict[str, str]) -> bool:
    above = parents.get(code, "")
    for _ in parents:
        if above in ("", code):
            break
        above = parents.get(above, "")
    return above == code


def _accounts(found: ReferenceSet) -> Iterator[Refusal]:
    accounts = found.by_code("account")
    for placed in found.rows["account"]:
        account: Account = placed.value
        parent = accounts.get(account.parent_code)
        if parent and (parent.is_postable or parent.chart != account.chart or parent.kind != account.kind):
            yield Refusal("reference.parent_does_not_fit", {"code": account.code, "parent": parent.code}, placed.place)
        if account.budget_type and account.budget_type not in found.codes["budget_type"]:
            facts = {"code": account.code, "budget_type": account.budget_type}
            yield Refusal("reference.budget_type_unknown", facts, placed.place)
        if account.chart == OLD_CHART:
            yield from _mapping(account, accounts, found.codes["account"], placed.place)


def _mapping(account: Account, accounts: dict[str, Account], codes: set[str], place: str) -> Iterator[Refusal]:
    """An old account leads to an account of today; one whose balance is carried forward, to a postable one."""
    if not account.is_postable:
        return
    carried = account.kind in CARRIED_KINDS
    target = accounts.get(account.mapped_code)
    facts = {"code": account.code, "mapped": account.mapped_code or "-"}
    if target is None:
        if carried or account.mapped_code not in ("", *codes):
            yield Refusal("reference.mapping_unknown", facts, place)
    elif target.chart != NATIONAL_CHART or (carried and not (target.is_postable and target.kind == account.kind)):
        yield Refusal("reference.mapping_does_not_fit", facts, place)


def _placement(found: ReferenceSet) -> Iterator[Refusal]:
    """Every postable account on exactly one line of the position or performance statement, the one it names."""
    lines = [line for line in found.values("statement_line") if line.layout in STATEMENTS and line.kind == "detail"]
    for placed in found.rows["account"]:
        account: Account = placed.value
        chosen = [line.line_code for line in selectors.lines_of(account, lines)]
        facts = {"code": account.code, "name": account.name_th, "lines": ", ".join(chosen) or "-"}
        if not account.is_postable:
            if account.statement_line:
                yield Refusal("reference.group_on_a_line", facts, placed.place)
        elif not chosen:
            yield Refusal("reference.account_on_no_line", facts, placed.place)
        elif len(chosen) > 1:
            yield Refusal("reference.account_on_several_lines", facts, placed.place)
        elif chosen != [account.statement_line]:
            facts["written"] = account.statement_line or "-"
            yield Refusal("reference.account_on_another_line", facts, placed.place)


def _budget_types(found: ReferenceSet) -> Iterator[Refusal]:
    accounts = found.by_code("account")
    for placed in found.rows["budget_type"]:
        code, account = placed.value.code, placed.value.account_code
        if account and (account not in accounts or not accounts[account].is_postable):
            yield Refusal("reference.account_unknown", {"code": code, "account": account}, placed.place)
        if len(code) != {"revenue": 6, "expenditure": 7}[placed.value.side]:
            yield Refusal("reference.code_has_wrong_length", {"code": code}, placed.place)


def _lines(found: ReferenceSet) -> Iterator[Refusal]:
    for placed, siblings in _with_siblings(found):
        line: StatementLine = placed.value
        if not selectors.is_understood(line.selector):
            facts = {"line": line.line_code, "selector": line.selector}
            yield Refusal("reference.selector_not_understood", facts, placed.place)
        if line.formula and not selectors.formula_is_understood(line.formula):
            facts = {"line": line.line_code, "formula": line.formula}
            yield Refusal("reference.formula_not_understood", facts, placed.place)
        if line.kind == "detail" and not line.selector:
            yield Refusal("reference.cell_missing", {"column": "selector"}, placed.place)
        if line.sign not in (1, -1):
            facts = {"column": "sign", "value": str(line.sign), "expected": "1 | -1"}
            yield Refusal("reference.cell_not_understood", facts, placed.place)
        for named in (line.subtotal_of, line.must_equal, *selectors.formula_lines(line.formula)):
            if named and named not in siblings:
                yield Refusal("reference.line_unknown", {"line": line.line_code, "named": named}, placed.place)
    yield from _catch_alls(found)


def _with_siblings(found: ReferenceSet) -> Iterator[tuple[Placed, dict[str, StatementLine]]]:
    """Every line with the lines of its own layout, by code."""
    groups: dict[tuple[str, str], dict[str, StatementLine]] = {}
    for line in found.values("statement_line"):
        groups.setdefault((line.layout, line.chart), {})[line.line_code] = line
    for placed in found.rows["statement_line"]:
        yield placed, groups[placed.value.layout, placed.value.chart]


def _catch_alls(found: ReferenceSet) -> Iterator[Refusal]:
    """Receipts and payments always agree with cash, because each side ends in a line that takes the rest."""
    for chart in CHARTS:
        lines = selectors.detail_lines(found.values("statement_line"), layout=LAYOUTS[-1], chart=chart)
        for side in ("in", "out"):
            taking_rest = [line for line in lines if line.side == side and "rest:" in selectors.terms(line.selector)]
            if lines and len(taking_rest) != 1:
                facts = {"layout": LAYOUTS[-1], "chart": chart, "side": side}
                yield Refusal("reference.catch_all_missing", facts, f"{LAYOUTS[-1]}, {chart}")


def _totals(found: ReferenceSet) -> Iterator[Refusal]:
    """A total takes something, and never leads back to itself."""
    for placed, siblings in _with_siblings(found):
        line: StatementLine = placed.value
        parts = _parts(siblings)
        if line.kind in ("subtotal", "total") and not parts[line.line_code]:
            yield Refusal("reference.total_of_nothing", {"line": line.line_code}, placed.place)
        if _leads_back(line.line_code, parts.__getitem__):
            yield Refusal("reference.total_circular", {"line": line.line_code}, placed.place)


def _parts(siblings: dict[str, StatementLine]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {code: [] for code in siblings}
    for line in siblings.values():
        if line.formula:
            parts[line.line_code] = [name for name in selectors.formula_lines(line.formula) if name in siblings]
    for line in siblings.values():
        above = siblings.get(line.subtotal_of)
        if above is not None and not above.formula:
            parts[above.line_code].append(line.line_code)
    return parts


def _leads_back(start: str, parts_of: Callable[[str], list[str]]) -> bool:
    reached: set[str] = set()
    waiting = list(parts_of(start))
    while waiting:
        code = waiting.pop()
        if code == start:
            return True
        if code not in reached:
            reached.add(code)
            waiting.extend(parts_of(code))
    return False


def _laws(found: ReferenceSet) -> Iterator[Refusal]:
    """Parameters rest on known instruments and known kinds, and one never overlaps another of its name."""
    groups: dict[tuple[str, str], list[Placed]] = {}
    for placed in found.rows["parameter"]:
        parameter: Parameter = placed.value
        groups.setdefault((parameter.name, parameter.applies_to), []).append(placed)
        if parameter.instrument and parameter.instrument not in found.codes["legal_instrument"]:
            yield Refusal("reference.instrument_unknown", {"instrument": parameter.instrument}, placed.place)
        if parameter.applies_to and parameter.applies_to not in found.codes["entity_kind"]:
            yield Refusal("reference.entity_kind_unknown", {"kind": parameter.applies_to}, placed.place)
    for group in groups.values():
        for before, after in pairwise(sorted(group, key=lambda placed: placed.value.valid_from)):
            if before.value.valid_to is None or before.value.valid_to >= after.value.valid_from:
                yield Refusal("reference.parameters_overlap", {"name": after.value.name}, after.place)


def _provinces(found: ReferenceSet) -> Iterator[Refusal]:
    count = len(found.rows["province"])
    if count != PROVINCES:
        yield Refusal("reference.provinces_incomplete", {"count": count, "expected": PROVINCES}, "provinces.csv")
