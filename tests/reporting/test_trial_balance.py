from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.money import ZERO, baht
from khlang.reporting.rules.trial_balance import trial_balance
from khlang.reporting.rules.values import Balance
from tests.reporting.paper_books import ACCOUNTS, a_busy_month, a_scope, ledgers


def money(statement, kind):
    return [row.cells[2:] for row in statement.rows if row.kind == kind]


def test_trial_balance_puts_each_account_on_one_side():
    statement = trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=a_busy_month().balances())

    assert [row.cells for row in statement.rows] == [
        ("1101030102-01", "ออมทรัพย์ กรุงไทย", baht("1111.50"), None),
        ("1102010101", "ลูกหนี้เงินยืม", baht("40.00"), None),
        ("5104030206", "ค่าใช้สอย", baht("100.00"), None),
        ("2111020199", "เงินรับฝาก", None, baht("1.00")),
        ("3103010101", "เงินสะสม", None, baht("1000.00")),
        ("4101010101", "ภาษีที่ดิน", None, baht("250.50")),
        (None, "รวม", baht("1251.50"), baht("1251.50")),
    ]
    assert [check.holds for check in statement.checks] == [True]
    assert statement.heading_lines_th == ("ณ วันที่ 30 กันยายน 2568",)


def test_trial_balance_keeps_zero_lines_when_asked():
    statement = trial_balance(scope=a_scope(zero=True), accounts=ACCOUNTS, balances=a_busy_month().balances())

    assert ("1101010101", "เงินสด", ZERO, None) in [row.cells for row in statement.rows]


def test_trial_balance_shows_opening_movement_and_closing():
    statement = trial_balance(
        scope=a_scope(), accounts=ACCOUNTS, balances=a_busy_month().balances(), variant="movement"
    )

    assert statement.rows[-1].cells[2:] == tuple(
        baht(text) for text in ("1000.00", "1000.00", "641.00", "641.00", "1251.50", "1251.50")
    )
    assert len(statement.columns) == 8
    assert all(check.holds for check in statement.checks)


def test_trial_balance_by_fund_source_sums_each_fund():
    balances = [
        Balance("1101010101", "FS02", ZERO, baht("10.00"), ZERO),
        Balance("1101010101", "FS01", ZERO, baht("5.00"), ZERO),
        Balance("2111020199", "FS01", ZERO, ZERO, baht("5.00")),
        Balance("2111020199", "FS02", ZERO, ZERO, baht("10.00")),
    ]

    statement = trial_balance(
        scope=a_scope(),
        accounts=ACCOUNTS,
        balances=balances,
        variant="fund_source",
        fund_names={"FS01": "เงินรายได้", "FS02": "เงินอุดหนุน"},
    )

    assert [(row.kind, row.cells[1]) for row in statement.rows if row.kind != "detail"] == [
        ("group", "เงินรายได้"),
        ("subtotal", "รวมเงินรายได้"),
        ("group", "เงินอุดหนุน"),
        ("subtotal", "รวมเงินอุดหนุน"),
        ("total", "รวม"),
    ]
    assert statement.rows[1].link.parameters == {"account": "1101010101", "fund_source": "FS01"}


def test_trial_balance_check_fails_when_the_set_is_unbalanced():
    balances = [
        Balance("1101010101", "", ZERO, baht("10.00"), ZERO),
        Balance("2111020199", "", ZERO, ZERO, baht("9.99")),
    ]

    statement = trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=balances)

    assert [(check.holds, check.detail) for check in statement.checks] == [(False, "10.00 - 9.99 = 0.01")]


def test_trial_balance_of_nothing_says_so():
    statement = trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=[])

    assert statement.rows == ()
    assert statement.notes_th[0] == "ไม่มีรายการบัญชีในช่วงที่เลือก"


@pytest.mark.parametrize("variant", ["closing", "movement", "fund_source"])
@given(books=ledgers)
def test_trial_balance_totals_are_the_sums_of_its_lines(variant, books):
    statement = trial_balance(scope=a_scope(zero=True), accounts=ACCOUNTS, balances=books.balances(), variant=variant)

    details = money(statement, "detail")
    for at, total in enumerate(next(iter(money(statement, "total")), ())):
        assert total == sum((cells[at] or ZERO for cells in details), ZERO)
    assert all(check.holds for check in statement.checks)


@given(books=ledgers, order=st.randoms(use_true_random=False))
def test_trial_balance_does_not_depend_on_the_order_of_its_rows(books, order):
    balances = books.balances()
    shuffled = list(balances)
    order.shuffle(shuffled)

    assert trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=shuffled) == trial_balance(
        scope=a_scope(), accounts=ACCOUNTS, balances=balances
    )


@given(books=ledgers.filter(lambda books: books.journals))
def test_trial_balance_is_unchanged_by_reversal_of_a_reversal(books):
    before = trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=books.balances())

    turned = books.journals[0].reversed()
    books = replace(books, journals=[*books.journals, turned, turned.reversed()])

    assert trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=books.balances()) == before
