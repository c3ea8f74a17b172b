"""A busy year, exported, read by three programs that nobody here wrote: every balance equal, every seeded fault caught."""

import json
import random
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from khlang.kernel.money import Baht
from khlang.ledger import commands, queries
from khlang.ledger.rules import content_text
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, CASH, FUEL, PAYABLE, SALARY, SAVINGS, TAX, a_fiscal_year, a_journal, a_line
from tests.oracles import programs

FIRST = date(2024, 10, 1)
AWKWARD = 'He said "500; 20 | 30" \\ (x) = 1 @ 2'
ACCOUNTS = [CASH, BANK, f"{BANK}-01", SAVINGS, TAX, SALARY, FUEL, PAYABLE, "3103010101"]


@pytest.fixture(scope="module")
def busy(django_db_setup, django_db_blocker, tmp_path_factory):
    """Files of one year of 1,500 journals, and the balances our own query gives."""
    folder = tmp_path_factory.mktemp("busy")
    with django_db_blocker.unblock():
        actor = a_fiscal_year()
        commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th='Bank "01" \\ main')
        commands.post_journals(actor=actor, journals=a_busy_year())
        with entity_transaction(actor.entity_id):
            for sequence_no in (5, 900):
                view = queries.journal(fiscal_year=2568, sequence_no=sequence_no)
                commands.reverse_journal(
                    actor=actor,
                    fiscal_year=2568,
                    sequence_no=sequence_no,
                    day=view.date,
                    reason="Typed twice",
                    idempotency_key=uuid.uuid4(),
                )
            for style in ("beancount", "hledger", "jsonl"):
                text = "".join(queries.export_year(actor=actor, fiscal_year=2568, style=style))
                (folder / f"books.{style}").write_text(text, encoding="utf-8")
            rows = queries.balances(fiscal_year=2568)
            views = list(queries.stream_journals(fiscal_year=2568))
    roots = {"1": "Assets", "2": "Liabilities", "3": "Equity", "4": "Income", "5": "Expenses"}
    ours = {f"{roots[row.account[0]]}:{row.fund_source}:{row.account}": row.balance.amount for row in rows}
    return folder, ours, views


def a_busy_year():
    chance = random.Random(2568)
    yield a_journal(kind="opening", day=FIRST, lines=some_lines(chance))
    yield a_journal(description=AWKWARD, day=FIRST, lines=some_lines(chance))
    for _ in range(1500):
        day = FIRST + timedelta(days=chance.randrange(365))
        kind = chance.choice(["general", "receipt", "payment"])
        yield a_journal(kind=kind, day=day, lines=some_lines(chance), description=f"Entry of {day}")
    yield a_journal(kind="adjusting", period=13, day=date(2025, 9, 30), lines=some_lines(chance))
    yield a_journal(kind="closing", day=date(2025, 9, 30), lines=some_lines(chance))


def some_lines(chance):
    amounts = [chance.randint(1, 10**8) for _ in range(chance.randint(1, 4))]
    side, other = chance.sample(["debit", "credit"], 2)
    lines = [
        a_line(pick(chance), **{side: str(Baht.from_satang(n))}, fund=chance.choice(["FS01", "FS04"])) for n in amounts
    ]
    return [*lines, a_line(pick(chance), **{other: str(Baht.from_satang(sum(amounts)))})]


def pick(chance):
    return chance.choice(ACCOUNTS)


def test_beancount_agrees_account_by_account(busy):
    folder, ours, _ = busy

    assert programs.bean_check(folder / "books.beancount") == ""
    assert programs.bean_balances(folder / "books.beancount") == ours


@programs.needs("hledger")
def test_hledger_agrees_account_by_account(busy):
    folder, ours, _ = busy

    assert programs.hledger_check(folder / "books.hledger") == ""
    assert programs.hledger_balances(folder / "books.hledger") == ours


@programs.needs("ledger")
def test_ledger_agrees_account_by_account(busy):
    folder, ours, _ = busy

    assert programs.ledger_check(folder / "books.hledger") == ""
    assert programs.ledger_balances(folder / "books.hledger") == ours


def test_json_lines_carry_every_journal_with_what_its_hash_was_taken_from(busy):
    folder, ours, views = busy
    said = [json.loads(line) for line in (folder / "books.jsonl").read_text(encoding="utf-8").splitlines()]

    by_place = {each["sequence_no"]: each for each in said}
    sums = {}
    for each in said:
        for line in each["lines"]:
            key = (line["account"], line["fund_source"])
            sums[key] = sums.get(key, 0) + Decimal(line.get("debit", 0)) - Decimal(line.get("credit", 0))
    assert {f"{account}/{fund}": amount for (account, fund), amount in sums.items()} == {
        "/".join(reversed(path.split(":")[1:])): amount for path, amount in ours.items()
    }
    assert sorted(by_place) == [view.sequence_no for view in views]
    assert all(by_place[view.sequence_no]["hash"] == view.hash.hex() for view in views)
    assert by_place[2]["description"] == AWKWARD
    assert AWKWARD in content_text(views[1])


def block_of(text, number):
    """The text of one entry, from its head to the empty line after it."""
    start = text.index(f'"JV/{number}"') if f'"JV/{number}"' in text else text.index(f"(JV/{number})")
    start = text.rindex("\n\n", 0, start) + 1
    return text[start : text.index("\n\n", start) + 1]


def lines_of(block):
    return [line for line in block.splitlines() if line.endswith(" THB")]


def wrong_cent(text, block):
    line = lines_of(block)[0]
    amount = line.split()[1]
    wrong = line.replace(amount, str(Decimal(amount) + Decimal("0.01")))
    return text.replace(block, block.replace(line, wrong, 1))


def dropped_line(text, block):
    return text.replace(block, block.replace(f"{lines_of(block)[0]}\n", "", 1))


def turned_sign(text, block):
    line = lines_of(block)[0]
    amount = line.split()[1]
    turned = amount[1:] if amount.startswith("-") else f"-{amount}"
    return text.replace(block, block.replace(line, line.replace(amount, turned), 1))


def doubled_entry(text, block):
    return text.replace(block, f"{block}{block}", 1)


def cent_on_both_sides(text, block):
    """Still balanced: only the stated balances, or our own comparison, can tell."""
    text_of_block = block
    for line, cent in zip(lines_of(block)[:1] + lines_of(block)[-1:], ("0.01", "-0.01"), strict=True):
        amount = line.split()[1]
        text_of_block = text_of_block.replace(line, line.replace(amount, str(Decimal(amount) + Decimal(cent))), 1)
    return text.replace(block, text_of_block)


FAULTS = [wrong_cent, dropped_line, turned_sign, doubled_entry, cent_on_both_sides]


def seeded(busy, style, fault, tmp_path):
    text = (busy[0] / f"books.{style}").read_text(encoding="utf-8")
    changed = fault(text, block_of(text, 77))
    assert changed != text
    file = tmp_path / f"faulty.{style}"
    file.write_text(changed, encoding="utf-8")
    return file


def differs(read, file, ours):
    """Our own comparison, without tolerance; a file that cannot be read differs as well."""
    try:
        return read(file) != ours
    except AssertionError:
        return True


@pytest.mark.parametrize("fault", FAULTS)
def test_beancount_with_our_comparison_catches_each_seeded_fault(busy, tmp_path, fault):
    file = seeded(busy, "beancount", fault, tmp_path)

    assert differs(programs.bean_balances, file, busy[1])
    if fault is not cent_on_both_sides:
        assert programs.bean_check(file) != ""


@programs.needs("hledger")
@pytest.mark.parametrize("fault", FAULTS)
def test_hledger_catches_each_seeded_fault(busy, tmp_path, fault):
    file = seeded(busy, "hledger", fault, tmp_path)

    assert programs.hledger_check(file) != ""
    assert differs(programs.hledger_balances, file, busy[1])


@programs.needs("ledger")
@pytest.mark.parametrize("fault", FAULTS)
def test_ledger_catches_each_seeded_fault(busy, tmp_path, fault):
    file = seeded(busy, "hledger", fault, tmp_path)

    assert programs.ledger_check(file) != ""
    assert differs(programs.ledger_balances, file, busy[1])
