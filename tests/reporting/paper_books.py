"""A ledger on paper: journals in a list, and the plain values that statements are built from."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from khlang.kernel.money import ZERO, Baht, baht
from khlang.reporting.rules.receipts_and_payments import CashColumn
from khlang.reporting.rules.values import Account, Balance, CashMovement, Entry, LayoutLine, Scope

FIRST, LAST = date(2024, 10, 1), date(2025, 9, 30)

ACCOUNTS = {
    account.code: account
    for account in (
        Account("1101010101", "เงินสด", "asset", "Cash", is_cash=True),
        Account("1101030102-01", "ออมทรัพย์ กรุงไทย", "asset", "Savings account", is_cash=True),
        Account("1102010101", "ลูกหนี้เงินยืม", "asset", "Advances"),
        Account("2111020199", "เงินรับฝาก", "liability", "Deposits"),
        Account("3103010101", "เงินสะสม", "net_assets", "Accumulated fund"),
        Account("4101010101", "ภาษีที่ดิน", "revenue", "Land tax", budget_type="411012"),
        Account("5104030206", "ค่าใช้สอย", "expense", "Services", budget_type="5320100"),
    )
}


@dataclass(frozen=True)
class Journal:
    """A journal on paper; `turned` when it reverses another."""

    day: date
    lines: tuple[tuple[str, Baht], ...]
    kind: str = "general"
    turned: bool = False

    def reversed(self) -> "Journal":
        lines = tuple((account, -amount) for account, amount in self.lines)
        return Journal(self.day, lines, self.kind, not self.turned)


@dataclass
class Books:
    """Journals, with the sums that the ledger would give."""

    journals: list[Journal] = field(default_factory=list)

    def balances(self, since: date = FIRST, to: date = LAST) -> list[Balance]:
        sums: dict[str, list[Baht]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
        for journal in self.journals:
            for account, amount in journal.lines if journal.day <= to else ():
                if journal.day < since or journal.kind == "opening":
                    sums[account][0] += amount
                else:
                    sums[account][1 if amount > ZERO else 2] += abs(amount)
        return [Balance(account, "", *found) for account, found in sums.items()]

    def cash_column(self, since: date = FIRST, to: date = LAST) -> CashColumn:
        rows = self.balances(since, to)
        cash = [row for row in rows if ACCOUNTS[row.account].is_cash]
        return CashColumn(
            sum((row.opening for row in cash), ZERO),
            [movement for journal in self.journals for movement in _movements(journal, since, to)],
            sum((row.closing for row in cash), ZERO),
        )

    def entries(self) -> list[Entry]:
        return [
            Entry(2568, number, f"JV {number}", journal.day, "a day's work", account, *_sides(amount), line_no=at)
            for number, journal in enumerate(self.journals, 1)
            for at, (account, amount) in enumerate(journal.lines, 1)
        ]


def _movements(journal: Journal, since: date, to: date) -> list[CashMovement]:
    touches = any(ACCOUNTS[account].is_cash for account, _ in journal.lines)
    if journal.kind in {"opening", "closing"} or not touches or not since <= journal.day <= to:
        return []
    return [
        CashMovement(account, *_sides(amount), turned=journal.turned)
        for account, amount in journal.lines
        if not ACCOUNTS[account].is_cash
    ]


def _sides(amount: Baht) -> tuple[Baht, Baht]:
    return (amount, ZERO) if amount > ZERO else (ZERO, -amount)


def a_scope(**changes) -> Scope:
    given = {
        "entity_code": "6120304",
        "entity_name": "องค์การบริหารส่วนตำบลตัวอย่าง",
        "fiscal_year": 2568,
        "since": FIRST,
        "to": LAST,
        "entity_kind": "subdistrict_administrative_organization",
    }
    return Scope(**given | changes)


def a_journal(*lines: tuple[str, str], day: date = date(2024, 12, 1), kind: str = "general") -> Journal:
    return Journal(day, tuple((account, baht(amount)) for account, amount in lines), kind)


def a_busy_month() -> Books:
    """Opening balances, a tax receipt, a bank transfer, an expense with a deduction, an advance."""
    return Books(
        [
            a_journal(("1101030102-01", "1000.00"), ("3103010101", "-1000.00"), day=FIRST, kind="opening"),
            a_journal(("1101010101", "250.50"), ("4101010101", "-250.50")),
            a_journal(("1101030102-01", "250.50"), ("1101010101", "-250.50")),
            a_journal(("5104030206", "100.00"), ("2111020199", "-1.00"), ("1101030102-01", "-99.00")),
            a_journal(("1102010101", "40.00"), ("1101030102-01", "-40.00"), day=date(2025, 1, 5)),
        ],
    )


CASH_LAYOUT = (
    LayoutLine("OPEN", "ยอดยกมา", "opening", "Opening", selector="cash:"),
    LayoutLine("H_IN", "รายรับ", "header", "Receipts"),
    LayoutLine("TAX", "ภาษีอากร", "detail", "Taxes", "in", "rev:411", printed_code="411000", subtotal_of="IN"),
    LayoutLine("DEP_IN", "เงินรับฝาก", "detail", "Deposits", "in", "2111", subtotal_of="IN"),
    LayoutLine("REST_IN", "รายรับอื่น", "detail", "Other", "in", "rest:", detail="used", subtotal_of="IN"),
    LayoutLine("IN", "รวมรายรับ", "total", "Total receipts"),
    LayoutLine("SERVICES", "ค่าใช้สอย", "detail", "Services", "out", "exp:532", subtotal_of="OUT"),
    LayoutLine("REST_OUT", "รายจ่ายอื่น", "detail", "Other", "out", "rest:", detail="used", subtotal_of="OUT"),
    LayoutLine("OUT", "รวมรายจ่าย", "total", "Total payments"),
    LayoutLine("CLOSE", "ยอดยกไป", "closing", "Closing", formula="OPEN + IN - OUT"),
)

POSITION_LAYOUT = (
    LayoutLine("H", "สินทรัพย์", "header", "Assets"),
    LayoutLine("CASH", "เงินสด", "detail", "Cash", "debit", "cash:", subtotal_of="ASSETS"),
    LayoutLine("ADVANCES", "ลูกหนี้", "detail", "Advances", "debit", "kind:asset", subtotal_of="ASSETS"),
    LayoutLine("ASSETS", "รวมสินทรัพย์", "total", "Total assets"),
    LayoutLine("DEPOSITS", "เงินรับฝาก", "detail", "Deposits", "credit", "2", subtotal_of="CLAIMS"),
    LayoutLine("FUND", "เงินสะสม", "detail", "Fund", "credit", "=3103010101", subtotal_of="CLAIMS"),
    LayoutLine("SURPLUS", "รายได้สูงกว่าค่าใช้จ่าย", "detail", "Surplus", "credit", "surplus:", subtotal_of="CLAIMS"),
    LayoutLine("CLAIMS", "รวมหนี้สินและส่วนทุน", "total", "Total claims", must_equal="ASSETS"),
)

PERFORMANCE_LAYOUT = (
    LayoutLine("TAX", "ภาษี", "detail", "Tax", "credit", "41", subtotal_of="REVENUE"),
    LayoutLine("REVENUE", "รวมรายได้", "total", "Total revenue"),
    LayoutLine("SERVICES", "ค่าใช้สอย", "detail", "Services", "debit", "51", subtotal_of="EXPENSES"),
    LayoutLine("EXPENSES", "รวมค่าใช้จ่าย", "total", "Total expenses"),
    LayoutLine("NET", "สุทธิ", "total", "Net", formula="REVENUE - EXPENSES"),
)

_amounts = st.integers(1, 10**12).map(Baht.from_satang)
_codes = st.sampled_from(sorted(ACCOUNTS))


@st.composite
def journals(draw) -> Journal:
    """Any balanced journal: some lines, and a last one that makes them even."""
    day = FIRST + timedelta(days=draw(st.integers(0, 364)))
    kind = draw(st.sampled_from(["general", "receipt", "payment", "opening"]))
    pairs = draw(st.lists(st.tuples(_codes, _amounts, st.booleans()), min_size=1, max_size=5))
    lines = [(code, amount if positive else -amount) for code, amount, positive in pairs]
    rest = -sum((amount for _, amount in lines), ZERO)
    if rest:
        lines.append((draw(_codes), rest))
    return Journal(FIRST if kind == "opening" else day, tuple(lines), kind)


ledgers = st.lists(journals(), max_size=12).map(Books)
