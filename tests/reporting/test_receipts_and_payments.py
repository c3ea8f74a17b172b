from dataclasses import replace
from datetime import date

from hypothesis import given

from khlang.kernel.money import ZERO, baht
from khlang.reporting.rules.receipts_and_payments import CashColumn, receipts_and_payments
from khlang.reporting.rules.values import Account, CashMovement, LayoutLine
from tests.reporting.paper_books import ACCOUNTS, CASH_LAYOUT, Books, a_busy_month, a_journal, a_scope, ledgers

DECEMBER = {"since": date(2024, 12, 1), "to": date(2024, 12, 31)}


def report(books, *, scope=None, layout=CASH_LAYOUT, estimates=None, accounts=ACCOUNTS):
    return receipts_and_payments(
        scope=scope or a_scope(**DECEMBER),
        layout=layout,
        accounts=accounts,
        month=books.cash_column(**DECEMBER),
        year_to_date=books.cash_column(to=DECEMBER["to"]),
        estimates=estimates or {},
    )


def lines(statement):
    return {row.cells[2]: (row.cells[0], row.cells[1], row.cells[4]) for row in statement.rows}


def test_receipts_and_payments_takes_every_cash_journal_apart():
    statement = report(a_busy_month(), estimates={"4101010101": baht("300.00"), "5104030206": baht("200.00")})

    assert lines(statement) == {
        "ยอดยกมา": (None, baht("1000.00"), baht("1000.00")),
        "รายรับ": (None, None, None),
        "ภาษีอากร": (baht("300.00"), baht("250.50"), baht("250.50")),
        "เงินรับฝาก": (None, baht("1.00"), baht("1.00")),
        "รวมรายรับ": (baht("300.00"), baht("251.50"), baht("251.50")),
        "ค่าใช้สอย": (baht("200.00"), baht("100.00"), baht("100.00")),
        "รวมรายจ่าย": (baht("200.00"), baht("100.00"), baht("100.00")),
        "ยอดยกไป": (None, baht("1151.50"), baht("1151.50")),
    }
    assert all(check.holds for check in statement.checks)


def test_receipts_and_payments_puts_the_estimate_of_an_asset_among_the_payments():
    road = Account("1208010101", "ถนน", "asset", "Roads", budget_type="5320100")

    statement = report(Books([]), estimates={"1208010101": baht("90.00")}, accounts=ACCOUNTS | {"1208010101": road})

    assert lines(statement)["ค่าใช้สอย"][0] == baht("90.00")
    assert lines(statement)["รวมรายรับ"][0] is None


def test_receipts_and_payments_counts_no_transfer_between_banks():
    books = Books([a_journal(("1101030102-01", "70.00"), ("1101010101", "-70.00"))])

    assert lines(report(books))["รวมรายรับ"] == (None, ZERO, ZERO)


def test_receipts_and_payments_gives_each_sub_account_its_own_line():
    layout = [
        replace(line, detail="sub_accounts", printed_code="602") if line.line_code == "DEP_IN" else line
        for line in CASH_LAYOUT
    ]
    accounts = ACCOUNTS | {"2111020199-02": Account("2111020199-02", "เงินอุดหนุนผู้สูงอายุ", "liability")}
    column = CashColumn(ZERO, [CashMovement("2111020199-02", credit=baht("9.00"))], baht("9.00"))

    statement = receipts_and_payments(
        scope=a_scope(), layout=layout, accounts=accounts, month=column, year_to_date=column, estimates={}
    )

    row = next(row for row in statement.rows if row.cells[2] == "เงินอุดหนุนผู้สูงอายุ")
    assert row.cells == (None, baht("9.00"), "เงินอุดหนุนผู้สูงอายุ", "602", baht("9.00"))
    assert row.link.parameters == {"account": "2111020199-02"}


def test_receipts_and_payments_lowers_receipts_by_a_refund():
    books = Books(
        [
            a_journal(("1101010101", "80.00"), ("4101010101", "-80.00")),
            a_journal(("4101010101", "30.00"), ("1101010101", "-30.00")),
        ],
    )

    assert lines(report(books))["ภาษีอากร"] == (None, baht("50.00"), baht("50.00"))


def test_receipts_and_payments_lowers_receipts_by_a_reversed_deposit():
    received = a_journal(("1101010101", "80.00"), ("2111020199", "-80.00"))

    statement = report(Books([received, received.reversed()]))

    assert lines(statement)["รวมรายรับ"] == (None, ZERO, ZERO)
    assert lines(statement)["รวมรายจ่าย"] == (None, ZERO, ZERO)


def test_receipts_and_payments_check_fails_when_cash_is_not_explained():
    column = CashColumn(ZERO, [CashMovement("4101010101", credit=baht("5.00"))], baht("6.00"))

    statement = receipts_and_payments(
        scope=a_scope(), layout=CASH_LAYOUT, accounts=ACCOUNTS, month=column, year_to_date=column, estimates={}
    )

    assert [check.holds for check in statement.checks if check.name == "cash-explained"] == [False, False]


def test_receipts_and_payments_says_when_a_movement_has_no_line():
    layout = [line for line in CASH_LAYOUT if not line.line_code.startswith("REST")]
    books = Books([a_journal(("1102010101", "40.00"), ("1101010101", "-40.00"))])

    outside = [check for check in report(books, layout=layout).checks if check.name == "all-accounts-placed"]

    assert [(check.holds, check.detail) for check in outside] == [(False, "1102010101 (40.00)")] * 2


@given(books=ledgers)
def test_receipts_less_payments_is_the_change_in_cash(books):
    statement = report(books, scope=a_scope(zero=True))

    assert all(check.holds for check in statement.checks), statement.checks
    shown = lines(statement)
    for at in (1, 2):
        assert shown["ยอดยกมา"][at] + shown["รวมรายรับ"][at] - shown["รวมรายจ่าย"][at] == shown["ยอดยกไป"][at]


@given(books=ledgers.filter(lambda books: books.journals))
def test_receipts_and_payments_is_unchanged_by_reversal_of_a_reversal(books):
    before = report(books)

    turned = books.journals[0].reversed()

    assert report(Books([*books.journals, turned, turned.reversed()])) == before


def test_layout_line_without_its_side_takes_nothing():
    layout = (LayoutLine("X", "x", "detail", side="in", selector="5"),)
    column = CashColumn(ZERO, [CashMovement("5104030206", debit=baht("1.00"))], baht("-1.00"))

    statement = receipts_and_payments(
        scope=a_scope(), layout=layout, accounts=ACCOUNTS, month=column, year_to_date=column, estimates={}
    )

    assert not any(check.holds for check in statement.checks if check.name == "all-accounts-placed")
