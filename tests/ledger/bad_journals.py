"""One table of journals that must be refused, read twice: by the pure rules and by the database."""

from datetime import date

from tests.builders import BANK, CASH, HEADING, OLD_CASH, TAX, a_journal, a_line, lines_of

NEXT_YEAR, LAST_YEAR = date(2025, 10, 1), date(2023, 12, 1)
BIG = "999999999999999.99"


def two(account=CASH, *, fund="FS01", budget_type=None):
    return (a_line(account, debit="1.00", fund=fund, budget_type=budget_type), a_line(TAX, credit="1.00"))


# name → (journal, code, where, facts that must be told)
CASES = {
    "no description": (a_journal(description=""), "ledger.description_missing", "description", {}),
    "blank description": (a_journal(description="   "), "ledger.description_missing", "description", {}),
    "control character": (a_journal(description="a\tb"), "ledger.text_not_printable", "description", {}),
    "unknown kind": (a_journal(kind="weather"), "ledger.kind_unknown", "kind", {"kind": "weather"}),
    "no lines": (a_journal(lines=()), "ledger.too_few_lines", "lines", {"lines": 0}),
    "one line": (a_journal(lines=[a_line(CASH, debit="1.00")]), "ledger.too_few_lines", "lines", {"lines": 1}),
    "two sides": (
        a_journal(lines=[a_line(CASH, debit="1.00", credit="1.00"), a_line(TAX, debit="1.00", credit="1.00")]),
        "ledger.line_two_sided",
        "lines.0.debit",
        {},
    ),
    "no amount": (
        a_journal(lines=[*lines_of("1.00"), a_line(BANK)]),
        "ledger.line_without_amount",
        "lines.2.debit",
        {},
    ),
    "negative": (
        a_journal(lines=[a_line(CASH, debit="-1.00"), a_line(TAX, credit="-1.00")]),
        "ledger.amount_negative",
        "lines.0.debit",
        {"amount": "-1.00"},
    ),
    "unbalanced by a satang": (
        a_journal(lines=[a_line(CASH, debit="100.00"), a_line(TAX, credit="99.99")]),
        "ledger.unbalanced",
        "lines",
        {"debit": "100.00", "credit": "99.99", "difference": "0.01"},
    ),
    "unknown account": (
        a_journal(lines=two("9999999999")),
        "ledger.account_unknown",
        "lines.0.account",
        {"account": "9999999999"},
    ),
    "unknown sub-account": (
        a_journal(lines=two(f"{BANK}-77")),
        "ledger.account_unknown",
        "lines.0.account",
        {"account": f"{BANK}-77"},
    ),
    "heading": (a_journal(lines=two(HEADING)), "ledger.account_not_postable", "lines.0.account", {"account": HEADING}),
    "old code in a new year": (
        a_journal(lines=two(OLD_CASH)),
        "ledger.account_not_in_chart",
        "lines.0.account",
        {"account": OLD_CASH, "fiscal_year": 2568, "mapped": CASH},
    ),
    "unknown source of money": (
        a_journal(lines=two(fund="FS99")),
        "ledger.fund_source_unknown",
        "lines.0.fund_source",
        {"fund_source": "FS99"},
    ),
    "unknown budget type": (
        a_journal(lines=two(budget_type="000")),
        "ledger.budget_type_unknown",
        "lines.0.budget_type",
        {"budget_type": "000"},
    ),
    "year not open": (
        a_journal(day=NEXT_YEAR),
        "ledger.year_not_open",
        "date",
        {"fiscal_year": 2569, "period": 1, "date": "2025-10-01"},
    ),
    "date in another year": (
        a_journal(day=LAST_YEAR, fiscal_year=2568),
        "ledger.date_outside_period",
        "date",
        {"fiscal_year": 2568, "period": 3, "date": "2023-12-01"},
    ),
    "date in another month": (a_journal(period=2), "ledger.date_outside_period", "date", {"period": 2}),
    "opening in the middle": (
        a_journal(kind="opening"),
        "ledger.date_outside_period",
        "date",
        {"fiscal_year": 2568, "period": 0},
    ),
    "opening in a month": (a_journal(kind="opening", period=1), "ledger.date_outside_period", "date", {"period": 1}),
    "closing in a month": (a_journal(kind="closing", period=1), "ledger.date_outside_period", "date", {"period": 1}),
    "opening in the closing period": (
        a_journal(kind="opening", period=13, day=date(2025, 9, 30)),
        "ledger.date_outside_period",
        "date",
        {"period": 13},
    ),
}
