from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from khlang.kernel.money import ZERO, baht
from khlang.kernel.refusals import Refused
from khlang.ledger import commands
from khlang.reporting import queries
from khlang.reporting.rules.requests import REPORTS, read_request
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import (
    ACCUMULATED,
    BANK,
    CASH,
    FUEL,
    RECEIVABLE,
    TAX,
    YEAR,
    a_fiscal_year,
    a_journal,
    a_line,
    an_actor,
    lines_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 1, 15)


def asked_for(report, *, year=YEAR, **given):
    return read_request(report=report, fiscal_year=year, given=given, today=TODAY, zone=UTC)


def shown(actor, report, **given):
    with entity_transaction(actor.entity_id, read_only=True):
        return queries.statement(actor=actor, asked=asked_for(report, **given))


def opening(amount="1000.00", year_first=date(2024, 10, 1)):
    lines = (a_line(BANK, debit=amount), a_line(ACCUMULATED, credit=amount))
    return a_journal(lines=lines, kind="opening", day=year_first, description="Balances brought forward")


@pytest.fixture
def actor():
    """Books with an opening, October and December receipts, a transfer and an expense."""
    actor = a_fiscal_year()
    journals = [
        opening(),
        a_journal(amount="100.00", day=date(2024, 10, 3)),
        a_journal(amount="40.00", day=date(2024, 12, 2)),
        a_journal(lines=lines_of("70.00", debit=BANK, credit=CASH), day=date(2024, 12, 3)),
        a_journal(lines=lines_of("25.50", debit=FUEL, credit=BANK), day=date(2024, 12, 31)),
        a_journal(lines=lines_of("5.00", debit=RECEIVABLE, credit=TAX), day=date(2025, 1, 2)),
    ]
    commands.post_journals(actor=actor, journals=journals)
    return actor


def amounts(statement, column):
    at = [each.key for each in statement.columns].index(column)
    key = 0 if statement.code == "trial-balance" else [each.kind for each in statement.columns].index("text")
    return {row.cells[key]: row.cells[at] for row in statement.rows if row.cells[at] is not None}


def test_trial_balance_on_any_day(actor):
    statement = shown(actor, "trial-balance", to="2024-12-31")

    assert amounts(statement, "debit") | amounts(statement, "credit") == {
        CASH: baht("70.00"),
        BANK: baht("1044.50"),
        FUEL: baht("25.50"),
        ACCUMULATED: baht("1000.00"),
        TAX: baht("140.00"),
        None: baht("1140.00"),
    }
    assert statement.facts["to"] == "2024-12-31"


def test_trial_balance_in_the_middle_of_a_month(actor):
    statement = shown(actor, "trial-balance", to="2024-12-02")

    assert amounts(statement, "debit")[CASH] == baht("140.00")


def test_trial_balance_as_known_earlier_leaves_out_what_was_posted_later(actor):
    before = datetime.now(UTC) - timedelta(minutes=5)

    statement = shown(actor, "trial-balance", known_at=before.isoformat())

    assert statement.rows == ()


def test_trial_balance_of_one_fund_source(actor):
    statement = shown(actor, "trial-balance", fund_source="FS02")

    assert statement.rows == ()


def test_trial_balance_of_a_movement_since_a_day(actor):
    statement = shown(actor, "trial-balance", variant="movement", since="2024-12-01", to="2024-12-31")

    assert amounts(statement, "opening_debit")[CASH] == baht("100.00")
    assert amounts(statement, "movement_debit")[BANK] == baht("70.00")
    assert all(check.holds for check in statement.checks)


def test_general_ledger_of_one_account(actor):
    statement = shown(actor, "general-ledger", account=CASH, to="2024-12-31")

    assert [row.cells[-1] for row in statement.rows if row.kind in {"opening", "detail", "closing"}] == [
        baht(text) for text in ("0.00", "100.00", "140.00", "70.00", "70.00")
    ]
    assert all(check.holds for check in statement.checks)


def test_general_ledger_of_every_account_agrees_with_the_balances(actor):
    statement = shown(actor, "general-ledger")

    assert len(statement.checks) == 6
    assert all(check.holds for check in statement.checks)


def test_general_ledger_refuses_an_unknown_account(actor):
    with pytest.raises(Refused) as refused:
        shown(actor, "general-ledger", account="9999999999")

    assert refused.value.refusals[0].code == "reporting.account_unknown"


def test_statement_refuses_an_unknown_fund_source(actor):
    with pytest.raises(Refused) as refused:
        shown(actor, "trial-balance", fund_source="FS99")

    assert refused.value.refusals[0].code == "reporting.fund_source_unknown"


def test_journal_book_holds_every_journal_of_the_days(actor):
    statement = shown(actor, "journal-book", since="2024-12-01", to="2024-12-31")

    assert statement.facts["journals"] == "3"
    assert statement.rows[-1].cells[-1] == baht("135.50")


def test_receipts_and_payments_month_and_year_to_date(actor):
    statement = shown(actor, "receipts-and-payments", to="2024-12-31")

    rows = {row.cells[2]: row.cells for row in statement.rows}
    year, month = amounts(statement, "year_to_date"), amounts(statement, "month")
    opening_row, closing_row = statement.rows[0].cells[2], statement.rows[-1].cells[2]
    assert (year[opening_row], month[opening_row]) == (baht("1000.00"), baht("1100.00"))
    assert (year[closing_row], month[closing_row]) == (baht("1114.50"), baht("1114.50"))
    assert rows["ภาษีอากร"][1] == baht("140.00")
    assert rows["ภาษีอากร"][4] == baht("40.00")
    assert all(check.holds for check in statement.checks)
    assert statement.heading_lines_th == ("ปีงบประมาณ พ.ศ. 2568", "ประจำเดือน ธันวาคม 2567")


def test_receipts_and_payments_lowers_receipts_by_a_reversal(actor):
    deposit = a_journal(lines=lines_of("60.00", debit=CASH, credit="2111020199"), day=date(2024, 12, 5))
    posted = commands.post_journal(actor=actor, journal=deposit)
    before = shown(actor, "receipts-and-payments", to="2024-12-31")
    for number in (posted.sequence_no, posted.sequence_no + 1):
        commands.reverse_journal(
            actor=actor,
            fiscal_year=YEAR,
            sequence_no=number,
            day=date(2024, 12, 6),
            reason="Typed twice",
            idempotency_key=uuid4(),
        )

    assert shown(actor, "receipts-and-payments", to="2024-12-31").rows == before.rows


def test_financial_position_balances_before_closing(actor):
    statement = shown(actor, "financial-position", to="2024-12-31")

    assert all(check.holds for check in statement.checks), statement.checks
    assert baht("1114.50") in {row.cells[1] for row in statement.rows if row.kind == "total"}


def test_financial_performance_compares_with_the_same_days_a_year_before(actor):
    commands.open_fiscal_year(actor=actor, fiscal_year=YEAR - 1)
    commands.post_journal(actor=actor, journal=a_journal(amount="9.00", day=date(2023, 11, 1)))

    statement = shown(actor, "financial-performance", to="2024-12-31")

    assert [column.key for column in statement.columns] == ["line", f"year_{YEAR}", f"year_{YEAR - 1}"]
    assert statement.rows[-1].cells[1:] == (baht("114.50"), baht("9.00"))


def test_financial_performance_of_part_of_a_year_leaves_out_what_went_before(actor):
    statement = shown(actor, "financial-performance", since="2024-12-01", to="2024-12-31")

    assert statement.rows[-1].cells[1] == baht("14.50")


def test_line_statement_names_the_accounts_behind_a_line(actor):
    position = shown(actor, "financial-position", to="2024-12-31")
    link = next(row.link for row in position.rows if row.link is not None and row.cells[1] == baht("1114.50"))

    with entity_transaction(actor.entity_id, read_only=True):
        asked = replace(asked_for("financial-position", to="2024-12-31"), line=link.parameters["line"])
        statement = queries.line_statement(actor=actor, asked=asked)

    assert [row.cells[0] for row in statement.rows] == [CASH, BANK, None]
    assert statement.rows[-1].cells[2] == baht("1114.50")


def test_line_statement_refuses_a_line_without_accounts(actor):
    asked = replace(asked_for("financial-position"), line="NO_SUCH_LINE")

    with entity_transaction(actor.entity_id, read_only=True), pytest.raises(Refused) as refused:
        queries.line_statement(actor=actor, asked=asked)

    assert refused.value.refusals[0].code == "reporting.line_unknown"


@pytest.mark.parametrize("report", REPORTS)
def test_statement_of_an_empty_year_says_that_nothing_was_posted(report):
    actor = a_fiscal_year()

    statement = shown(actor, report)

    assert all(check.holds for check in statement.checks)
    assert all(cell in (None, ZERO) for row in statement.rows for cell in row.cells if not isinstance(cell, str | date))


def test_statement_refuses_a_year_that_is_not_open():
    with pytest.raises(Refused) as refused:
        shown(an_actor(), "trial-balance")

    assert refused.value.refusals[0].code == "reporting.year_not_open"


def test_statement_never_shows_a_row_of_another_entity(actor):
    other = a_fiscal_year()
    commands.post_journal(actor=other, journal=a_journal(amount="31337.00"))
    assert baht("31337.00") in amounts(shown(other, "trial-balance"), "debit").values()

    assert baht("31337.00") not in amounts(shown(actor, "trial-balance"), "debit").values()


@pytest.mark.parametrize(
    ("report", "queries_allowed"),
    [
        ("trial-balance", 6),
        ("general-ledger", 7),
        ("journal-book", 7),
        ("receipts-and-payments", 11),
        ("financial-position", 8),
        ("financial-performance", 8),
    ],
)
def test_statement_asks_the_database_a_fixed_number_of_times(
    actor, report, queries_allowed, django_assert_max_num_queries
):
    given = {"account": CASH} if report == "general-ledger" else {}
    with entity_transaction(actor.entity_id), django_assert_max_num_queries(queries_allowed):
        queries.statement(actor=actor, asked=asked_for(report, **given))
