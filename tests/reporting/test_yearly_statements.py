from datetime import date

from hypothesis import given

from khlang.kernel.money import ZERO, baht
from khlang.reporting.rules.financial_performance import financial_performance
from khlang.reporting.rules.financial_position import financial_position
from khlang.reporting.rules.values import Balance
from khlang.reporting.rules.yearly_lines import YearFigures
from tests.reporting.paper_books import (
    ACCOUNTS,
    LAST,
    PERFORMANCE_LAYOUT,
    POSITION_LAYOUT,
    a_busy_month,
    a_scope,
    ledgers,
)


def a_year(balances, layout, *, fiscal_year=2568, to=LAST):
    return YearFigures(fiscal_year, to, layout, ACCOUNTS, balances)


def test_financial_position_shows_the_surplus_before_closing():
    year = a_year(a_busy_month().balances(), POSITION_LAYOUT)

    statement = financial_position(scope=a_scope(), years=[year])

    assert [row.cells for row in statement.rows] == [
        ("สินทรัพย์", None),
        ("เงินสด", baht("1111.50")),
        ("ลูกหนี้", baht("40.00")),
        ("รวมสินทรัพย์", baht("1151.50")),
        ("เงินรับฝาก", baht("1.00")),
        ("เงินสะสม", baht("1000.00")),
        ("รายได้สูงกว่าค่าใช้จ่าย", baht("150.50")),
        ("รวมหนี้สินและส่วนทุน", baht("1151.50")),
    ]
    assert all(check.holds for check in statement.checks)


def test_financial_position_compares_with_the_year_before():
    this = a_year(a_busy_month().balances(), POSITION_LAYOUT)
    last = a_year([Balance("1101010101", "", baht("7.00"))], POSITION_LAYOUT, fiscal_year=2567, to=date(2024, 9, 30))

    statement = financial_position(scope=a_scope(), years=[this, last])

    assert [column.label_th for column in statement.columns] == ["รายการ", "2568", "2567"]
    assert statement.rows[1].cells == ("เงินสด", baht("1111.50"), baht("7.00"))


def test_financial_position_check_fails_when_the_set_is_unbalanced():
    year = a_year([Balance("1101010101", "", baht("7.00"))], POSITION_LAYOUT)

    statement = financial_position(scope=a_scope(), years=[year])

    assert [(check.name, check.holds) for check in statement.checks] == [
        ("position-balances", False),
        ("all-accounts-placed", True),
    ]


def test_financial_position_names_an_account_that_no_line_takes():
    layout = [line for line in POSITION_LAYOUT if line.line_code != "ADVANCES"]

    statement = financial_position(scope=a_scope(), years=[a_year(a_busy_month().balances(), layout)])

    assert ("all-accounts-placed", False, "1102010101 40.00") in [
        (check.name, check.holds, check.detail) for check in statement.checks
    ]


def test_financial_performance_shows_revenue_expenses_and_what_is_left():
    year = a_year(a_busy_month().balances(), PERFORMANCE_LAYOUT)

    statement = financial_performance(scope=a_scope(), years=[year])

    assert [row.cells[1] for row in statement.rows] == [
        baht(text) for text in ("250.50", "250.50", "100.00", "100.00", "150.50")
    ]
    assert statement.heading_lines_th == ("สำหรับปีสิ้นสุดวันที่ 30 กันยายน 2568",)


def test_financial_performance_check_fails_when_an_account_is_on_no_line():
    layout = [line for line in PERFORMANCE_LAYOUT if line.line_code != "SERVICES"]

    statement = financial_performance(scope=a_scope(), years=[a_year(a_busy_month().balances(), layout)])

    assert [check.holds for check in statement.checks] == [False, False]


@given(books=ledgers)
def test_financial_position_balances_on_any_books(books):
    statement = financial_position(scope=a_scope(), years=[a_year(books.balances(), POSITION_LAYOUT)])

    assert all(check.holds for check in statement.checks)


@given(books=ledgers)
def test_yearly_statements_agree_on_the_surplus(books):
    balances = books.balances()
    position = financial_position(scope=a_scope(zero=True), years=[a_year(balances, POSITION_LAYOUT)])
    performance = financial_performance(scope=a_scope(), years=[a_year(balances, PERFORMANCE_LAYOUT)])

    surplus = next(row.cells[1] for row in position.rows if row.cells[0] == "รายได้สูงกว่าค่าใช้จ่าย")
    assert performance.rows[-1].cells[1] == (surplus or ZERO)
