from datetime import date

from hypothesis import given

from khlang.kernel.money import ZERO, baht
from khlang.reporting.rules.general_ledger import LedgerAccount, general_ledger
from khlang.reporting.rules.journal_book import journal_book
from tests.reporting.paper_books import ACCOUNTS, a_busy_month, a_scope, ledgers

BANK = "1101030102-01"


def a_book(books, account=BANK, *, closing=None, left_out=0):
    balance = next((row for row in books.balances() if row.account == account), None)
    entries = [entry for entry in books.entries() if entry.account == account]
    posted = [entry for entry in entries if books.journals[entry.sequence_no - 1].kind != "opening"]
    return LedgerAccount(
        account,
        balance.opening if balance else ZERO,
        tuple(posted),
        closing if closing is not None else (balance.closing if balance else ZERO),
        left_out,
    )


def test_general_ledger_carries_the_balance_from_line_to_line():
    statement = general_ledger(scope=a_scope(), accounts=ACCOUNTS, books=[a_book(a_busy_month())])

    assert [(row.kind, row.cells[2:]) for row in statement.rows] == [
        ("group", ("1101030102-01 ออมทรัพย์ กรุงไทย", None, None, None)),
        ("opening", ("ยอดยกมา", None, None, baht("1000.00"))),
        ("detail", ("a day's work", baht("250.50"), None, baht("1250.50"))),
        ("detail", ("a day's work", None, baht("99.00"), baht("1151.50"))),
        ("subtotal", ("รวมเดือน ธันวาคม 2567", baht("250.50"), baht("99.00"), None)),
        ("detail", ("a day's work", None, baht("40.00"), baht("1111.50"))),
        ("subtotal", ("รวมเดือน มกราคม 2568", ZERO, baht("40.00"), None)),
        ("subtotal", ("รวมเคลื่อนไหว", baht("250.50"), baht("139.00"), None)),
        ("closing", ("ยอดคงเหลือยกไป", None, None, baht("1111.50"))),
    ]
    assert statement.heading_lines_th[0] == "บัญชี 1101030102-01 ออมทรัพย์ กรุงไทย"
    assert statement.rows[2].link.parameters == {"year": "2568", "sequence": "3"}


def test_general_ledger_shows_a_credit_account_with_a_positive_balance():
    statement = general_ledger(scope=a_scope(), accounts=ACCOUNTS, books=[a_book(a_busy_month(), "4101010101")])

    assert statement.rows[-1].cells[-1] == baht("250.50")


def test_general_ledger_check_fails_when_lines_do_not_explain_the_balance():
    book = a_book(a_busy_month(), closing=baht("1111.51"))

    statement = general_ledger(scope=a_scope(), accounts=ACCOUNTS, books=[book])

    assert [check.holds for check in statement.checks] == [False]


def test_general_ledger_says_how_many_lines_it_left_out():
    statement = general_ledger(scope=a_scope(), accounts=ACCOUNTS, books=[a_book(a_busy_month(), left_out=7)])

    assert statement.notes_th == ("(หน่วย : บาท)", "แสดง 3 จาก 10 รายการ")
    assert statement.checks == ()


@given(books=ledgers)
def test_general_ledger_explains_every_balance(books):
    accounts = sorted({row.account for row in books.balances()})

    statement = general_ledger(
        scope=a_scope(), accounts=ACCOUNTS, books=[a_book(books, account) for account in accounts]
    )

    assert all(check.holds for check in statement.checks)


def test_journal_book_lists_each_journal_under_its_head():
    statement = journal_book(scope=a_scope(), accounts=ACCOUNTS, entries=a_busy_month().entries()[2:4])

    assert [row.cells for row in statement.rows] == [
        (date(2024, 12, 1), "JV 2", "a day's work", None, None, None),
        (None, None, "เงินสด", "1101010101", baht("250.50"), None),
        (None, None, "ภาษีที่ดิน", "4101010101", None, baht("250.50")),
        (None, None, "รวม", None, baht("250.50"), baht("250.50")),
    ]
    assert [row.level for row in statement.rows] == [0, 1, 2, 0]


def test_journal_book_check_names_a_one_sided_journal():
    statement = journal_book(scope=a_scope(), accounts=ACCOUNTS, entries=a_busy_month().entries()[2:3])

    assert [(check.holds, check.detail) for check in statement.checks] == [(False, "JV 2")]


@given(books=ledgers)
def test_journal_book_balances(books):
    statement = journal_book(scope=a_scope(), accounts=ACCOUNTS, entries=books.entries())

    assert all(check.holds for check in statement.checks)
