"""What may not be posted, and the exact shape of drafts: pure, no database."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import ZERO, Baht
from khlang.ledger.postings import opening_of_next_year, reversal
from khlang.ledger.rules import (
    AccountFact,
    BalanceRow,
    JournalView,
    LedgerFacts,
    LineView,
    YearFact,
    check_journal,
    split_account,
)
from tests.builders import BANK, CASH, FUND, HEADING, OLD_CASH, SALARY, TAX, a_journal, a_line, lines_of
from tests.ledger.bad_journals import CASES

STATES = dict.fromkeys(range(14), "open")
FACTS = LedgerFacts(
    accounts={
        CASH: AccountFact(CASH, "cash", is_postable=True, valid_from_year=2564),
        BANK: AccountFact(BANK, "bank", is_postable=True, valid_from_year=2564),
        f"{BANK}-01": AccountFact(f"{BANK}-01", "bank 01", is_postable=True, valid_from_year=2564, is_open=False),
        TAX: AccountFact(TAX, "tax", is_postable=True, valid_from_year=2564),
        HEADING: AccountFact(HEADING, "heading", is_postable=False, valid_from_year=2564),
        OLD_CASH: AccountFact(
            OLD_CASH, "old", is_postable=True, valid_from_year=2546, valid_to_year=2563, mapped_code=CASH
        ),
    },
    fund_sources=frozenset({FUND}),
    budget_types=frozenset({"411012"}),
    kinds=frozenset({"general", "opening", "closing", "adjusting"}),
    years={2568: YearFact("national-2564", STATES)},
)


def refusals(journal, facts=FACTS):
    return list(check_journal(journal, facts))


def with_period(state):
    return LedgerFacts(
        FACTS.accounts,
        FACTS.fund_sources,
        FACTS.budget_types,
        FACTS.kinds,
        {2568: YearFact("national-2564", {**STATES, 1: state})},
    )


@pytest.mark.parametrize("name", CASES)
def test_check_journal_refuses(name):
    journal, code, where, facts = CASES[name]

    found = next(refusal for refusal in refusals(journal) if refusal.code == code)

    assert found.where == where
    assert {key: found.facts[key] for key in facts} == facts


def test_check_journal_has_nothing_against_a_right_journal():
    assert refusals(a_journal()) == []
    assert refusals(a_journal(lines=[a_line(BANK, debit="1", budget_type="411012"), a_line(TAX, credit="1")])) == []


def test_check_journal_allows_opening_adjusting_and_closing_on_their_days():
    assert refusals(a_journal(kind="opening", day=date(2024, 10, 1))) == []
    assert refusals(a_journal(kind="closing", day=date(2025, 9, 30))) == []
    assert refusals(a_journal(kind="adjusting", day=date(2025, 9, 30), period=13)) == []


@pytest.mark.parametrize(
    ("state", "code"), [("soft_closed", "ledger.period_soft_closed"), ("closed", "ledger.period_closed")]
)
def test_check_journal_refuses_a_closed_period(state, code):
    assert [refusal.code for refusal in refusals(a_journal(), with_period(state))] == [code]


def test_check_journal_refuses_a_closed_sub_account():
    journal = a_journal(lines=[a_line(f"{BANK}-01", debit="1"), a_line(TAX, credit="1")])

    assert [refusal.code for refusal in refusals(journal)] == ["ledger.account_closed"]


def test_check_journal_refuses_an_amount_that_the_ledger_cannot_hold():
    huge = Baht.from_satang(10**17)
    journal = a_journal(lines=[a_line(CASH, debit="1"), a_line(TAX, credit="1")])
    lines = tuple(
        type(line)(line.account, line.fund_source, *sides)
        for line, sides in zip(journal.lines, ((huge, ZERO), (ZERO, huge)), strict=True)
    )

    assert {refusal.code for refusal in refusals(a_journal(lines=lines))} == {"ledger.amount_too_large"}


def test_check_journal_gives_every_reason_at_once_most_basic_first():
    journal = a_journal(
        description="", kind="weather", day=date(2025, 10, 1), lines=[a_line("9999999999", debit="1.00")]
    )

    assert [refusal.code for refusal in refusals(journal)] == [
        "ledger.description_missing",
        "ledger.kind_unknown",
        "ledger.too_few_lines",
        "ledger.account_unknown",
        "ledger.unbalanced",
        "ledger.year_not_open",
    ]


def test_split_account_knows_national_codes_and_leaves():
    assert split_account("1101030102-01") == ("1101030102", "01")
    assert split_account("1101030102") == ("1101030102", "")


satang = st.integers(min_value=1, max_value=10**15)


@given(st.lists(satang, min_size=1, max_size=8))
def test_a_journal_with_equal_sides_is_never_called_unbalanced(amounts):
    lines = [a_line(CASH, debit=str(Baht.from_satang(amount))) for amount in amounts]
    lines.append(a_line(TAX, credit=str(Baht.from_satang(sum(amounts)))))

    assert [refusal.code for refusal in refusals(a_journal(lines=lines)) if refusal.code == "ledger.unbalanced"] == []


@given(st.lists(satang, min_size=1, max_size=8), st.integers(min_value=1, max_value=10**6))
def test_a_difference_is_told_to_the_satang(amounts, off):
    lines = [a_line(CASH, debit=str(Baht.from_satang(amount))) for amount in amounts]
    lines.append(a_line(TAX, credit=str(Baht.from_satang(sum(amounts) + off))))

    found = [refusal for refusal in refusals(a_journal(lines=lines)) if refusal.code == "ledger.unbalanced"]

    assert [refusal.facts["difference"] for refusal in found] == [str(Baht.from_satang(off))]


@given(st.dates(min_value=date(2020, 10, 1), max_value=date(2030, 9, 30)))
def test_year_and_period_of_a_draft_follow_from_its_day(day):
    journal = a_journal(day=day)

    assert journal.year == fiscal_year_of(day)
    assert journal.posting_period == (day.month + 2) % 12 + 1


def a_view(lines):
    rows = tuple(
        LineView(number, *split_account(line.account), line.fund_source, line.budget_type, line.debit, line.credit, "")
        for number, line in enumerate(lines, start=1)
    )
    day = date(2024, 10, 3)
    return JournalView(
        2568, 5, "JV", 5, "JV 5/2568", "general", 1, day, "text", "", None, None, None, None,
        None, 7, "name", UUID(int=1), b"", b"", rows,
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from([CASH, f"{BANK}-01", TAX]), satang, st.booleans()), min_size=2, max_size=9))
def test_the_mirror_of_the_mirror_is_the_journal(sides):
    lines = [a_line(code, **{"debit" if left else "credit": str(Baht.from_satang(n))}) for code, n, left in sides]
    view = a_view(lines)

    mirror = reversal(
        journal=view, day=view.date + timedelta(days=1), period=1, reason="why", idempotency_key=UUID(int=2)
    )
    again = reversal(journal=a_view(mirror.lines), day=view.date, period=1, reason="why", idempotency_key=UUID(int=3))

    assert again.lines == tuple(lines)
    assert mirror.debit == sum((line.credit for line in lines), ZERO)
    assert mirror.reverses == (2568, 5)


def a_balance(account, debit, credit="0", fund=FUND):
    code, sub_account = split_account(account)
    return BalanceRow(code, sub_account, fund, ZERO, ZERO, Baht(debit), Baht(credit))


def carried(*balances):
    kinds = {CASH: "asset", BANK: "asset", TAX: "revenue", SALARY: "expense", "3103010101": "net_assets"}
    return opening_of_next_year(
        entity_id=1, fiscal_year=2569, attempt=0, balances=balances, kinds=kinds,
        surplus_account="3102010101", description="Brought forward",
    )  # fmt: skip


def test_opening_of_next_year_carries_leaves_and_puts_the_surplus_where_it_belongs():
    draft = carried(
        a_balance(f"{BANK}-01", "150.00", "20.00"),
        a_balance(TAX, "0", "200.00"),
        a_balance(SALARY, "70.00"),
        a_balance(CASH, "5.00", "5.00"),
    )

    assert draft is not None
    assert (draft.date, draft.kind, draft.year, draft.posting_period) == (date(2025, 10, 1), "opening", 2569, 0)
    assert draft.lines == (a_line(f"{BANK}-01", debit="130.00"), a_line("3102010101", credit="130.00"))


def test_opening_of_next_year_is_nothing_when_all_is_zero():
    assert carried(a_balance(CASH, "5.00", "5.00")) is None
    assert carried() is None


def test_lines_of_balance():
    assert refusals(a_journal(lines=lines_of("0.01"))) == []
