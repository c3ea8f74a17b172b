"""Posting, preview and reversal, on a real PostgreSQL as the application role."""

import uuid
from dataclasses import replace
from datetime import date

import pytest

from khlang.audit import queries as audit
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refused
from khlang.ledger import commands, queries
from khlang.ledger.rules import check_journal
from khlang.toolkit import sql
from khlang.toolkit.tenancy import WrongEntityError, entity_transaction
from tests.builders import (
    BANK,
    CASH,
    DAY,
    TAX,
    a_fiscal_year,
    a_journal,
    a_line,
    a_posted_journal,
    an_actor,
    lines_of,
)
from tests.ledger.bad_journals import CASES

pytestmark = pytest.mark.django_db


def refused(call, **arguments):
    with pytest.raises(Refused) as caught:
        call(**arguments)
    return caught.value.refusals


def in_entity(actor):
    return entity_transaction(actor.entity_id)


def view_of(actor, posted):
    with in_entity(actor):
        found = queries.journal(fiscal_year=posted.fiscal_year, sequence_no=posted.sequence_no)
    assert found is not None
    return found


def balance_list(actor, year=2568):
    with in_entity(actor):
        return [(row.account, row.balance) for row in queries.balances(fiscal_year=year)]


def test_post_journal_answers_where_the_journal_stands():
    actor = a_fiscal_year()

    posted = commands.post_journal(actor=actor, journal=a_journal())

    assert (posted.fiscal_year, posted.sequence_no, posted.series, posted.number) == (2568, 1, "JV", 1)
    assert (posted.period, posted.date, posted.replayed) == (1, DAY, False)
    assert posted.label.endswith(" 1/2568")
    assert balance_list(actor) == [(CASH, Baht("100.00")), (TAX, Baht("-100.00"))]


def test_post_journal_writes_the_act_into_the_record():
    actor = a_fiscal_year(actor=an_actor("head_of_treasury", "finance_officer"))

    a_posted_journal(actor=actor)

    with in_entity(actor):
        latest = list(audit.all_acts())[-1]
        assert audit.first_broken_act() is None
    assert (latest.act, latest.document, latest.actor_id, latest.actor_name, latest.request_id) == (
        "ledger.post",
        "journal:2568:1",
        7,
        "Somchai Jaidee",
        "request-7",
    )


def test_post_journal_numbers_each_series_and_year_by_itself():
    actor = a_fiscal_year(actor=a_fiscal_year(), year=2569)

    posted = [
        commands.post_journal(actor=actor, journal=a_journal(kind=kind, day=day))
        for kind, day in [
            ("general", DAY),
            ("receipt", DAY),
            ("general", DAY),
            ("general", date(2025, 10, 2)),
            ("receipt", date(2025, 10, 2)),
            ("receipt", DAY),
        ]
    ]

    assert [(p.sequence_no, p.series, p.number, p.fiscal_year) for p in posted] == [
        (1, "JV", 1, 2568),
        (2, "RV", 1, 2568),
        (3, "JV", 2, 2568),
        (4, "JV", 1, 2569),
        (5, "RV", 1, 2569),
        (6, "RV", 2, 2568),
    ]


def test_post_journal_uses_no_number_when_it_refuses():
    actor = a_fiscal_year()
    refused(commands.post_journal, actor=actor, journal=CASES["unbalanced by a satang"][0])

    assert commands.post_journal(actor=actor, journal=a_journal()).number == 1


@pytest.mark.parametrize("name", CASES)
def test_database_refuses_what_the_rules_refuse(name):
    journal, code, where, facts = CASES[name]
    actor = a_fiscal_year()

    found = refused(commands.post_journal, actor=actor, journal=journal)

    said = next(refusal for refusal in found if (refusal.code, refusal.where) == (code, where))
    assert {key: said.facts[key] for key in facts} == facts
    with in_entity(actor):
        rules_say = {refusal.code for refusal in check_journal(journal, queries.facts())}
    assert {refusal.code for refusal in found} == rules_say


def test_database_refuses_a_closed_sub_account_until_it_opens_again():
    actor = a_fiscal_year()
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")
    journal = a_journal(lines=[a_line(f"{BANK}-01", debit="1"), a_line(TAX, credit="1")])
    commands.post_journal(actor=actor, journal=journal)

    commands.close_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")

    again = replace(journal, idempotency_key=uuid.uuid4())
    assert [r.code for r in refused(commands.post_journal, actor=actor, journal=again)] == ["ledger.account_closed"]
    assert commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01") is False
    assert commands.post_journal(actor=actor, journal=again).number == 2


@pytest.mark.parametrize("amount", ["0.01", "999999999999999.99"])
def test_post_journal_takes_the_smallest_and_the_largest_amount(amount):
    actor = a_fiscal_year()

    commands.post_journal(actor=actor, journal=a_journal(amount=amount))

    assert balance_list(actor)[0] == (CASH, Baht(amount))


@pytest.mark.parametrize(
    ("debit", "credit", "code"),
    [
        ("1000000000000000", "1000000000000000", "ledger.amount_too_large"),
        ("1.005", "1.005", "ledger.amount_too_many_decimals"),
        ("NaN", "NaN", "ledger.amount_too_large"),
        ("Infinity", "Infinity", "ledger.amount_too_large"),
    ],
)
def test_function_refuses_amounts_that_no_draft_can_hold(debit, credit, code):
    """A program that calls the function itself, past our types, is refused too."""
    actor = a_fiscal_year()
    request = (
        f'[{{"idempotency_key":"{uuid.uuid4()}","date":"2024-10-03","fiscal_year":2568,"period":1,"kind":"general",'
        f'"description":"x","lines":[{{"account":"{CASH}","fund_source":"FS01","debit":"{debit}"}},'
        f'{{"account":"{TAX}","fund_source":"FS01","credit":"{credit}"}}]}}]'
    )

    def call():
        with sql.named_refusals(), in_entity(actor):
            sql.rows("SELECT * FROM ledger_post_journals(%s, 0, 'x', '', NULL, %s::jsonb)", (actor.entity_id, request))

    assert code in {refusal.code for refusal in refused(call)}


def test_function_refuses_a_request_without_key_or_day():
    actor = a_fiscal_year()
    request = f'[{{"kind":"general","description":"x","lines":[{{"account":"{CASH}","debit":"1"}}]}}]'

    def call():
        with sql.named_refusals(), in_entity(actor):
            sql.rows("SELECT * FROM ledger_post_journals(%s, 0, 'x', '', NULL, %s::jsonb)", (actor.entity_id, request))

    assert refused(call)[0].code == "ledger.request_incomplete"


def test_function_refuses_another_entity_than_the_transaction_was_opened_for():
    actor, other = a_fiscal_year(), a_fiscal_year()

    def call():
        with sql.named_refusals(), in_entity(actor):
            sql.rows("SELECT * FROM ledger_post_journals(%s, 0, 'x', '', NULL, '[]'::jsonb)", (other.entity_id,))

    assert [r.code for r in refused(call)] == ["ledger.wrong_entity"]


def test_post_journal_in_the_transaction_of_another_entity_is_a_bug_that_shows():
    actor, other = a_fiscal_year(), a_fiscal_year()

    with in_entity(other), pytest.raises(WrongEntityError):
        commands.post_journal(actor=actor, journal=a_journal())


def test_post_journal_answers_the_same_key_and_content_with_the_first_answer():
    actor = a_fiscal_year()
    journal = a_journal()
    first = commands.post_journal(actor=actor, journal=journal)

    second = commands.post_journal(actor=actor, journal=journal)

    assert second == replace(first, replayed=True)
    assert balance_list(actor) == [(CASH, Baht("100.00")), (TAX, Baht("-100.00"))]


def test_post_journal_replays_even_when_the_period_has_closed_since():
    actor = a_fiscal_year()
    journal = a_journal()
    commands.post_journal(actor=actor, journal=journal)
    commands.change_period(actor=actor, fiscal_year=2568, period=1, state="soft_closed", reason="")

    assert commands.post_journal(actor=actor, journal=journal).replayed


@pytest.mark.parametrize("other", [{"amount": "100.01"}, {"description": "Other words"}, {"day": date(2024, 10, 4)}])
def test_post_journal_refuses_the_same_key_with_other_content(other):
    actor = a_fiscal_year()
    key = uuid.uuid4()
    first = commands.post_journal(actor=actor, journal=a_journal(key=key))

    found = refused(commands.post_journal, actor=actor, journal=a_journal(key=key, **other))

    assert [(r.code, r.facts["journal"]) for r in found] == [("ledger.idempotency_conflict", first.label)]


def test_post_journals_refuses_one_key_twice_in_one_request():
    actor = a_fiscal_year()
    key = uuid.uuid4()

    found = refused(commands.post_journals, actor=actor, journals=[a_journal(key=key), a_journal(key=key)])

    assert [(r.code, r.where) for r in found] == [("ledger.idempotency_conflict", "journals.1")]


def test_post_journals_posts_all_or_none_and_names_the_journal_that_is_wrong():
    actor = a_fiscal_year()

    found = refused(
        commands.post_journals, actor=actor, journals=[a_journal(), a_journal(lines=lines_of(credit="9999999999"))]
    )

    assert [(r.code, r.where) for r in found] == [("ledger.account_unknown", "journals.1.lines.1.account")]
    assert balance_list(actor) == []


def test_post_journals_posts_in_the_order_given_and_mixes_new_with_replayed():
    actor = a_fiscal_year()
    known = a_journal(amount="5.00")
    commands.post_journal(actor=actor, journal=known)

    posted = commands.post_journals(
        actor=actor, journals=[a_journal(amount="1.00"), known, *(a_journal(amount="2.00") for _ in range(12))]
    )

    assert [(p.sequence_no, p.replayed) for p in posted] == [(2, False), (1, True), *((n, False) for n in range(3, 15))]
    assert commands.post_journals(actor=actor, journals=[]) == ()


def test_preview_journal_tells_the_number_and_leaves_nothing():
    actor = a_fiscal_year()
    journal = a_journal()

    shown = commands.preview_journal(actor=actor, journal=journal)

    assert (shown.number, shown.label) == (1, commands.post_journal(actor=actor, journal=journal).label)
    assert [r.code for r in refused(commands.preview_journal, actor=actor, journal=CASES["no lines"][0])] == [
        "ledger.too_few_lines"
    ]


@pytest.mark.parametrize("role", ["clerk", "executive", "auditor", "finance_officer", "local_administrator"])
def test_post_journal_refuses_roles_that_do_not_post(role):
    operator = a_fiscal_year()
    actor = replace(an_actor(role), entity_id=operator.entity_id)

    assert [r.code for r in refused(commands.post_journal, actor=actor, journal=a_journal())] == [
        "identity.not_permitted"
    ]


def test_reverse_journal_posts_the_mirror_and_balances_return_to_zero():
    actor = a_fiscal_year()
    posted = a_posted_journal(actor=actor)

    mirror = commands.reverse_journal(
        actor=actor, fiscal_year=2568, sequence_no=1, day=DAY, reason="Wrong account", idempotency_key=uuid.uuid4()
    )

    first, second = view_of(actor, posted), view_of(actor, mirror)
    assert (first.reversed_by, second.reverses) == ((2568, 2), (2568, 1))
    assert second.description == f"Wrong account ({first.label})"
    assert [(line.debit, line.credit) for line in second.lines] == [(line.credit, line.debit) for line in first.lines]
    assert {amount for _, amount in balance_list(actor)} == {Baht(0)}


def test_reversal_of_a_reversal_is_identity_on_balances():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, amount="70.00")
    a_posted_journal(actor=actor, amount="30.00")
    before = balance_list(actor)

    for sequence_no in (1, 3):
        commands.reverse_journal(
            actor=actor,
            fiscal_year=2568,
            sequence_no=sequence_no,
            day=date(2024, 11, 5),
            reason="Check",
            idempotency_key=uuid.uuid4(),
        )

    assert balance_list(actor) == before


def reverse(actor, sequence_no=1, key=None, reason="Why"):
    return {
        "actor": actor,
        "fiscal_year": 2568,
        "sequence_no": sequence_no,
        "day": DAY,
        "reason": reason,
        "idempotency_key": key or uuid.uuid4(),
    }


def test_reverse_journal_refuses_a_second_reversal_an_unknown_journal_and_no_reason():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor)
    commands.reverse_journal(**reverse(actor))

    assert [r.code for r in refused(commands.reverse_journal, **reverse(actor))] == ["ledger.already_reversed"]
    assert [r.code for r in refused(commands.reverse_journal, **reverse(actor, 99))] == ["ledger.journal_unknown"]
    assert [r.code for r in refused(commands.reverse_journal, **reverse(actor, 2, reason=" "))] == [
        "ledger.reason_missing"
    ]


def test_reverse_journal_answers_the_same_key_again():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor)
    request = reverse(actor)

    assert commands.reverse_journal(**request).replayed is False
    assert commands.reverse_journal(**request).replayed is True


def test_a_reversal_that_is_no_mirror_is_refused():
    actor = a_fiscal_year()
    a_posted_journal(actor=actor)

    crooked = a_journal(lines=lines_of("99.00", debit=TAX, credit=CASH), reverses=(2568, 1))
    unknown = a_journal(lines=lines_of("99.00", debit=TAX, credit=CASH), reverses=(2568, 5))

    assert [r.code for r in refused(commands.post_journal, actor=actor, journal=crooked)] == [
        "ledger.reversal_not_mirror"
    ]
    assert [r.code for r in refused(commands.post_journal, actor=actor, journal=unknown)] == ["ledger.journal_unknown"]
