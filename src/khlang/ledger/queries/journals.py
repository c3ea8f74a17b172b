"""Journals and lines as they were posted."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.thai_text import normalise
from khlang.ledger.rules import Batch, JournalFilter, JournalView, LedgerLine, LineView, Page, split_account
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_HEAD = """
j.fiscal_year, j.sequence_no, j.series, j.number, k.prefix_th || ' ' || j.number || '/' || j.fiscal_year AS label,
j.kind, j.period, j.journal_date, j.description, j.source_area, j.source_id, j.batch_id, j.reverses_year, j.reverses_no,
r.reversal_year, r.reversal_no, j.posted_at, j.posted_by, j.posted_by_name, j.idempotency_key, j.previous_hash, j.hash
"""
_FROM = """
FROM ledger_journal j JOIN reference_journal_kind k ON k.code = j.kind
LEFT JOIN ledger_reversal r ON r.entity_id = j.entity_id AND r.fiscal_year = j.fiscal_year AND r.sequence_no = j.sequence_no
"""
_TOTAL = """
(SELECT coalesce(sum(l.debit), 0) FROM ledger_journal_line l WHERE l.entity_id = %(entity)s
    AND l.fiscal_year = j.fiscal_year AND l.sequence_no = j.sequence_no)
"""
_COUNT_AND_TOTAL = """
WITH found AS MATERIALIZED ({found})
SELECT (SELECT count(*) FROM found), coalesce(sum(l.debit), 0) FROM ledger_journal_line l
 WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND l.sequence_no = ANY (ARRAY(SELECT sequence_no FROM found))
"""
_LINE = "l.line_no, l.account_code, l.sub_account, l.fund_source, l.budget_type, l.debit, l.credit, l.description"
_ORDERS = {
    "date": "j.journal_date, j.sequence_no",
    "-date": "j.journal_date DESC, j.sequence_no DESC",
    "number": "j.series, j.number",
    "-number": "j.series DESC, j.number DESC",
    "posted": "j.sequence_no",
    "-posted": "j.sequence_no DESC",
}
HEAD_WIDTH = 22


def journal_label(*, series: str, number: int, fiscal_year: int) -> str:
    """The number as it is printed: prefix of the series, running number, fiscal year (R10)."""
    return f"{_prefixes()[series]} {number}/{fiscal_year}"


def _prefixes() -> Mapping[str, str]:
    if not _prefix_of_series:
        _prefix_of_series.update(sql.rows("SELECT series, prefix_th FROM reference_journal_kind"))
    return _prefix_of_series


# Series are national and never renamed; read once in a process.
_prefix_of_series: dict[str, str] = {}


def _view(values: tuple[Any, ...], lines: tuple[LineView, ...] = (), total: Any = None) -> JournalView:
    amount = Baht(total) if total is not None else sum((line.debit for line in lines), ZERO)
    links = (_pair(values[12:14]), _pair(values[14:16]))
    hashes = (bytes(values[20]), bytes(values[21]))
    fields: tuple[Any, ...] = (*values[:12], *links, *values[16:20], *hashes, lines, amount)
    return JournalView(*fields)


def _pair(values: tuple[Any, ...]) -> tuple[int, int] | None:
    year, number = values
    return None if number is None else (year, number)


def _line(values: tuple[Any, ...]) -> LineView:
    line_no, account, sub_account, fund, budget_type, debit, credit, description, *name = values
    return LineView(line_no, account, sub_account, fund, budget_type, Baht(debit), Baht(credit), description, *name)


def journal(*, fiscal_year: int, sequence_no: int) -> JournalView | None:
    """One journal with its lines and the names of its accounts, or None."""
    key = (required_entity_id(), fiscal_year, sequence_no)
    head = sql.row(f"SELECT {_HEAD} {_FROM} WHERE j.entity_id = %s AND j.fiscal_year = %s AND j.sequence_no = %s", key)
    if head is None:
        return None
    lines = sql.rows(
        f"SELECT {_LINE}, coalesce(s.name_th, a.name_th) FROM ledger_journal_line l"
        " JOIN reference_account a ON a.code = l.account_code LEFT JOIN ledger_sub_account s"
        " ON s.entity_id = l.entity_id AND s.account_code = l.account_code AND s.sub_account = l.sub_account"
        " WHERE l.entity_id = %s AND l.fiscal_year = %s AND l.sequence_no = %s ORDER BY l.line_no",
        key,
    )
    return _view(head, tuple(_line(values) for values in lines))


def _conditions(chosen: JournalFilter) -> tuple[str, dict[str, Any]]:
    code, sub_account = split_account(chosen.account)
    tests = ["j.entity_id = %(entity)s", "j.fiscal_year = %(year)s"]
    optional = {
        "start": "j.journal_date >= %(start)s",
        "end": "j.journal_date <= %(end)s",
        "kind": "j.kind = %(kind)s",
        "batch_id": "j.batch_id = %(batch_id)s",
        "search": "(j.description LIKE %(like)s OR k.prefix_th || ' ' || j.number || '/' || j.fiscal_year LIKE %(like)s)",
    }
    # An array is made once, whatever the planner believes of tables it has no statistics of, as after a first import.
    line = "j.sequence_no = ANY (ARRAY(SELECT l.sequence_no FROM ledger_journal_line l"
    line += " WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND "
    optional["account"] = line + "l.account_code = %(code)s AND (%(sub)s = '' OR l.sub_account = %(sub)s)))"
    optional["fund_source"] = line + "l.fund_source = %(fund_source)s))"
    optional["amount"] = line + "(l.debit = %(amount)s OR l.credit = %(amount)s)))"
    tests += [test for name, test in optional.items() if getattr(chosen, name)]
    params = {
        "entity": required_entity_id(),
        "year": chosen.fiscal_year,
        "start": chosen.start,
        "end": chosen.end,
        "kind": chosen.kind,
        "batch_id": chosen.batch_id,
        "like": f"%{normalise(chosen.search)}%",
        "code": code,
        "sub": sub_account,
        "fund_source": chosen.fund_source,
        "amount": chosen.amount.amount if chosen.amount else None,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }
    return " AND ".join(tests), params


def journals(chosen: JournalFilter) -> Page[JournalView]:
    """One page of journals without their lines; count and total of all that match."""
    where, params = _conditions(chosen)
    order = _ORDERS.get(chosen.order, _ORDERS["-date"])
    found = sql.rows(
        f"SELECT j.*, {_TOTAL} FROM (SELECT {_HEAD} {_FROM} WHERE {where}"
        f" ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s) AS j",
        params,
    )
    matching = f"SELECT j.sequence_no {_FROM} WHERE {where}"
    count, total = sql.row(_COUNT_AND_TOTAL.format(found=matching), params) or (0, 0)
    rows = tuple(_view(values, total=values[HEAD_WIDTH]) for values in found)
    return Page(rows, count, chosen.page, chosen.page_size, Baht(total))


def stream_journals(
    *,
    fiscal_year: int | None = None,
    start: date | None = None,
    end: date | None = None,
    known_at: datetime | None = None,
    by_date: bool = False,
) -> Iterator[JournalView]:
    """Journals with lines, streamed in chain order, or by date; memory stays flat."""
    sql.read_in_bulk()
    order = "j.journal_date, j.sequence_no" if by_date else "j.sequence_no"
    found = sql.stream(
        f"SELECT {_HEAD}, {_LINE}, coalesce(s.name_th, a.name_th) {_FROM}"
        " LEFT JOIN ledger_journal_line l ON l.entity_id = j.entity_id AND l.fiscal_year = j.fiscal_year"
        "  AND l.sequence_no = j.sequence_no"
        " LEFT JOIN reference_account a ON a.code = l.account_code LEFT JOIN ledger_sub_account s"
        "  ON s.entity_id = l.entity_id AND s.account_code = l.account_code AND s.sub_account = l.sub_account"
        " WHERE j.entity_id = %(entity)s AND (%(year)s::int IS NULL OR j.fiscal_year = %(year)s)"
        " AND (%(start)s::date IS NULL OR j.journal_date >= %(start)s)"
        " AND (%(end)s::date IS NULL OR j.journal_date <= %(end)s)"
        " AND (%(known_at)s::timestamptz IS NULL OR j.posted_at <= %(known_at)s)"
        f" ORDER BY {order}, l.line_no",
        {"entity": required_entity_id(), "year": fiscal_year, "start": start, "end": end, "known_at": known_at},
    )
    for _, group in groupby(found, key=lambda values: (values[0], values[1])):
        rows = list(group)
        lines = tuple(_line(values[HEAD_WIDTH:]) for values in rows if values[HEAD_WIDTH] is not None)
        yield _view(rows[0][:HEAD_WIDTH], lines)


def account_lines(
    *,
    fiscal_year: int,
    account: str,
    start: date | None = None,
    end: date | None = None,
    known_at: datetime | None = None,
    fund_source: str = "",
) -> list[LedgerLine]:
    """The ledger of one account (with all its sub-accounts unless one is named), by date (R265)."""
    code, sub_account = split_account(account)
    found = sql.rows(
        "SELECT l.fiscal_year, l.sequence_no, k.prefix_th || ' ' || j.number || '/' || j.fiscal_year, l.period, j.kind,"
        " l.journal_date, l.account_code, l.sub_account, l.fund_source,"
        " CASE WHEN l.description = '' THEN j.description ELSE l.description END, l.debit, l.credit"
        " FROM ledger_journal_line l JOIN ledger_journal j USING (entity_id, fiscal_year, sequence_no)"
        " JOIN reference_journal_kind k ON k.code = j.kind"
        " WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND l.account_code = %(code)s"
        " AND (%(sub)s = '' OR l.sub_account = %(sub)s) AND (%(fund)s = '' OR l.fund_source = %(fund)s)"
        " AND (%(start)s::date IS NULL OR l.journal_date >= %(start)s)"
        " AND (%(end)s::date IS NULL OR l.journal_date <= %(end)s)"
        " AND (%(known_at)s::timestamptz IS NULL OR j.posted_at <= %(known_at)s)"
        " ORDER BY l.period, l.journal_date, l.sequence_no, l.line_no",
        {
            "entity": required_entity_id(),
            "year": fiscal_year,
            "code": code,
            "sub": sub_account,
            "fund": fund_source,
            "start": start,
            "end": end,
            "known_at": known_at,
        },
    )
    return [_ledger_line(values) for values in found]


def _ledger_line(values: tuple[Any, ...]) -> LedgerLine:
    fields: tuple[Any, ...] = (*values[:10], Baht(values[10]), Baht(values[11]))
    return LedgerLine(*fields)


def has_opening(*, fiscal_year: int) -> bool:
    """Whether the year has an opening journal that was not reversed and is not itself a reversal."""
    return bool(
        sql.scalar(
            f"SELECT EXISTS (SELECT 1 {_FROM} WHERE j.entity_id = %s AND j.fiscal_year = %s AND j.kind = 'opening'"
            " AND r.sequence_no IS NULL AND j.reverses_no IS NULL)",
            (required_entity_id(), fiscal_year),
        ),
    )


def openings(*, fiscal_year: int) -> int:
    """How many opening journals the year has had, reversals included."""
    return int(
        sql.scalar(
            "SELECT count(*) FROM ledger_journal WHERE entity_id = %s AND fiscal_year = %s AND kind = 'opening'",
            (required_entity_id(), fiscal_year),
        ),
    )


def journals_of_source(*, source_id: UUID) -> list[JournalView]:
    """The journals that one document posted, oldest first."""
    found = sql.rows(
        f"SELECT {_HEAD}, {_TOTAL} {_FROM} WHERE j.entity_id = %(entity)s AND j.source_id = %(source)s"
        " ORDER BY j.sequence_no",
        {"entity": required_entity_id(), "source": source_id},
    )
    return [_view(values, total=values[HEAD_WIDTH]) for values in found]


def unreversed_of_batch(*, batch_id: UUID, limit: int) -> list[JournalView]:
    """Journals of a batch that have no reversal yet, with lines, latest first (so that undoing runs backwards)."""
    keys = sql.rows(
        f"SELECT j.fiscal_year, j.sequence_no {_FROM} WHERE j.entity_id = %s AND j.batch_id = %s"
        " AND r.sequence_no IS NULL ORDER BY j.sequence_no DESC LIMIT %s",
        (required_entity_id(), batch_id, limit),
    )
    found = sql.rows(
        f"SELECT {_HEAD}, {_LINE} {_FROM} JOIN ledger_journal_line l ON l.entity_id = j.entity_id"
        " AND l.fiscal_year = j.fiscal_year AND l.sequence_no = j.sequence_no"
        " WHERE j.entity_id = %s AND j.fiscal_year = ANY (%s) AND j.sequence_no = ANY (%s)"
        " ORDER BY j.sequence_no DESC, l.line_no",
        (required_entity_id(), sorted({key[0] for key in keys}), [key[1] for key in keys]),
    )
    return [
        _view(rows[0][:HEAD_WIDTH], tuple(_line(values[HEAD_WIDTH:]) for values in rows))
        for rows in (list(group) for _, group in groupby(found, key=lambda values: values[1]))
    ]


def batch(*, batch_id: UUID) -> Batch | None:
    """One run that posted journals, or None."""
    found = sql.row(
        "SELECT batch_id, kind, title, state, journals, opened_at FROM ledger_batch WHERE entity_id = %s AND batch_id = %s",
        (required_entity_id(), batch_id),
    )
    return Batch(*found) if found else None
