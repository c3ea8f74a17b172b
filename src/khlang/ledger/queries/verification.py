"""The checker: recomputes numbers, balance, chain and kept balances from the lines, and names what is wrong."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from khlang.kernel.money import ZERO, Baht
from khlang.ledger.queries.journals import stream_journals
from khlang.ledger.rules import LINES_MIN, Fault, JournalView, VerifyReport, journal_hash
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

Key = tuple[int, int, str, str, str]
FAULTS_MAX = 200
PROGRESS_STEP = 500


@dataclass(slots=True)
class _Walk:
    """What is remembered while walking the chain once."""

    sequence_no: int = 0
    hash: bytes = bytes(32)
    journals: int = 0
    lines: int = 0
    last_numbers: Counter[tuple[int, str]] = field(default_factory=Counter)
    sums: dict[Key, tuple[int, int]] = field(default_factory=dict)
    reversals: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def verify(*, entity_code: str, progress: Callable[[int], None] | None = None) -> VerifyReport:
    """Recompute everything the ledger keeps of the entity whose transaction is open; the first wrong entry comes first.

    Open it with `snapshot=True`, so that what others post meanwhile is not taken for a fault.
    A chain rebuilt whole by someone with the whole database is not seen here: compare its last hash with the one
    the auditor wrote down (`khlang ledger verify` prints it).
    """
    walk = _Walk()
    faults: list[Fault] = []
    entity_id = required_entity_id()
    for journal in stream_journals():
        if len(faults) < FAULTS_MAX:
            faults.extend(_journal_faults(journal, walk, entity_id))
        _remember(journal, walk)
        if progress and walk.journals % PROGRESS_STEP == 0:
            progress(PROGRESS_STEP)
    faults.extend(_place_faults(entity_id))
    faults.extend(_head_faults(walk, entity_id))
    faults.extend(_balance_faults(walk, entity_id))
    return VerifyReport(entity_code, walk.journals, walk.lines, tuple(faults), walk.hash.hex())


def _journal_faults(journal: JournalView, walk: _Walk, entity_id: int) -> Iterator[Fault]:
    name: dict[str, str | int] = {
        "journal": journal.label,
        "fiscal_year": journal.fiscal_year,
        "sequence_no": journal.sequence_no,
    }
    if journal.sequence_no != walk.sequence_no + 1:
        yield Fault("ledger.fault_sequence", {**name, "expected": walk.sequence_no + 1})
    if journal.number != walk.last_numbers[journal.fiscal_year, journal.series] + 1:
        expected = walk.last_numbers[journal.fiscal_year, journal.series] + 1
        yield Fault("ledger.fault_number", {**name, "expected": expected})
    debit = sum((line.debit for line in journal.lines), ZERO)
    credit = sum((line.credit for line in journal.lines), ZERO)
    if len(journal.lines) < LINES_MIN or debit != credit:
        yield Fault("ledger.fault_unbalanced", {**name, "debit": str(debit), "credit": str(credit)})
    if journal.previous_hash != walk.hash:
        yield Fault("ledger.fault_link", name)
    if journal_hash(journal, entity_id=entity_id, previous_hash=journal.previous_hash) != journal.hash:
        yield Fault("ledger.fault_content", name)


def _remember(journal: JournalView, walk: _Walk) -> None:
    walk.sequence_no, walk.hash = journal.sequence_no, journal.hash
    walk.last_numbers[journal.fiscal_year, journal.series] = journal.number
    walk.journals += 1
    walk.lines += len(journal.lines)
    if journal.reverses:
        walk.reversals[journal.reverses] = (journal.fiscal_year, journal.sequence_no)
    for line in journal.lines:
        key = (journal.fiscal_year, journal.period, line.account_code, line.sub_account, line.fund_source)
        debit, credit = walk.sums.get(key, (0, 0))
        walk.sums[key] = (debit + line.debit.satang, credit + line.credit.satang)


def _place_faults(entity_id: int) -> Iterator[Fault]:
    """Lines that stand in another day or period than their journal, or without one; keys and reversals gone."""
    found = sql.rows(
        "SELECT l.fiscal_year, l.sequence_no, min(l.line_no) FROM ledger_journal_line l"
        " LEFT JOIN ledger_journal j USING (entity_id, fiscal_year, sequence_no)"
        " WHERE l.entity_id = %s AND (l.period, l.journal_date) IS DISTINCT FROM (j.period, j.journal_date)"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        (entity_id,),
    )
    for year, sequence_no, line_no in found[:FAULTS_MAX]:
        yield Fault("ledger.fault_line", {"fiscal_year": year, "sequence_no": sequence_no, "line": line_no})
    lost = sql.rows(
        "SELECT j.fiscal_year, j.sequence_no FROM ledger_journal j LEFT JOIN ledger_idempotency i"
        " ON i.entity_id = j.entity_id AND i.idempotency_key = j.idempotency_key"
        " WHERE j.entity_id = %s AND (i.fiscal_year, i.sequence_no) IS DISTINCT FROM (j.fiscal_year, j.sequence_no)"
        " ORDER BY 2",
        (entity_id,),
    )
    for year, sequence_no in lost[:FAULTS_MAX]:
        yield Fault("ledger.fault_key", {"fiscal_year": year, "sequence_no": sequence_no})


def _head_faults(walk: _Walk, entity_id: int) -> Iterator[Fault]:
    head = sql.row("SELECT sequence_no, hash FROM ledger_chain_head WHERE entity_id = %s", (entity_id,))
    if (head[0], bytes(head[1])) != (walk.sequence_no, walk.hash) if head else walk.journals:
        yield Fault("ledger.fault_head", {"sequence_no": walk.sequence_no})
    kept_numbers = {
        (year, series): number
        for year, series, number in sql.rows(
            "SELECT fiscal_year, series, last_number FROM ledger_series WHERE entity_id = %s", (entity_id,)
        )
    }
    for year, series in sorted(kept_numbers.keys() | walk.last_numbers.keys()):
        number = kept_numbers.get((year, series), 0)
        if walk.last_numbers[year, series] != number:
            yield Fault("ledger.fault_series", {"fiscal_year": year, "series": series, "number": number})
    kept_reversals = {
        (year, sequence_no): (reversal_year, reversal_no)
        for year, sequence_no, reversal_year, reversal_no in sql.rows(
            "SELECT fiscal_year, sequence_no, reversal_year, reversal_no FROM ledger_reversal WHERE entity_id = %s",
            (entity_id,),
        )
    }
    for year, sequence_no in sorted(kept_reversals.keys() | walk.reversals.keys()):
        if kept_reversals.get((year, sequence_no)) != walk.reversals.get((year, sequence_no)):
            yield Fault("ledger.fault_reversal", {"fiscal_year": year, "sequence_no": sequence_no})


def _balance_faults(walk: _Walk, entity_id: int) -> Iterator[Fault]:
    kept: dict[Key, tuple[int, int]] = {
        (year, period, account, sub_account, fund): (_satang(debit), _satang(credit))
        for year, period, account, sub_account, fund, debit, credit in sql.rows(
            "SELECT fiscal_year, period, account_code, sub_account, fund_source, debit, credit"
            " FROM ledger_account_balance WHERE entity_id = %s",
            (entity_id,),
        )
    }
    for key in sorted(kept.keys() | walk.sums.keys()):
        if kept.get(key, (0, 0)) != walk.sums.get(key, (0, 0)):
            year, period, account, sub_account, fund = key
            shown = f"{account}-{sub_account}" if sub_account else account
            yield Fault(
                "ledger.fault_balance",
                {"fiscal_year": year, "period": period, "account": shown, "fund_source": fund},
            )


def _satang(amount: Decimal) -> int:
    return Baht(amount).satang
