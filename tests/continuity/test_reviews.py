"""A table of balances from elsewhere: what is wrong in itself, and where it differs from the books on its day."""

import shutil
import uuid
from collections import namedtuple
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from khlang.continuity import commands, queries
from khlang.continuity.commands import uploads
from khlang.continuity.forms import upload_asked
from khlang.continuity.readers import workbooks
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, CASH, FUEL, TAX, a_fiscal_year, a_line, a_posted_journal
from tests.continuity.files import (
    AT,
    TODAY,
    a_csv,
    a_json_line,
    a_workbook,
    json_lines,
    posted,
    reasons,
    sent,
    two_rows,
)

pytestmark = pytest.mark.django_db

HEADER = "code,name,debit,credit"
DAY = date(2024, 10, 31)


def books(**amounts: str):
    """Books in which tax came in as cash and into the bank."""
    actor = a_fiscal_year()
    cash, bank = amounts.get("cash", "1345.50"), amounts.get("bank", "2000.00")
    for account, amount in ((CASH, cash), (BANK, bank)):
        a_posted_journal(actor=actor, lines=(a_line(account, debit=amount), a_line(TAX, credit=amount)))
    return actor


def reviewed(actor, *rows: str, compare_to: date | None = None, header: str = HEADER) -> dict[str, str]:
    """Code of each finding with the difference it names."""
    content = "\n".join([header, *rows]).encode()
    view = sent(actor, content, "balances.csv", mode="trial-balance", compare_to=compare_to)
    codes = [(f.refusal.code.removeprefix("continuity."), f.refusal.facts.get("difference", "")) for f in view.findings]
    return {code: str(difference) for code, difference in codes}


def compared(cash: str, bank: str = f"{BANK},Bank,2000.00,0", tax: str = f"{TAX},Tax,0,3345.50") -> dict[str, str]:
    return reviewed(books(), f"{CASH},Cash,{cash},0", bank, tax, compare_to=DAY)


def test_sides_are_added_up():
    actor = a_fiscal_year()

    assert "sides_equal" in reviewed(actor, f"{CASH},Cash,5.50,0", f"{TAX},Tax,0,5.50")
    assert reviewed(actor, f"{CASH},Cash,5.50,0", f"{TAX},Tax,0,5.00")["sides_differ"] == "0.50"


def test_printed_totals_are_added_up():
    actor = a_fiscal_year()
    rows = (f"{CASH},Cash,5.50,0", f"{BANK},Bank,4.50,0")

    assert "total_holds" in reviewed(actor, *rows, ",รวม,10.00,0")
    assert reviewed(actor, *rows, ",รวม,11.00,0")["total_differs"] == "1.00"


def test_whole_baht_among_satang_are_a_hint_only():
    actor = a_fiscal_year()

    assert "satang_perhaps_dropped" in reviewed(actor, f"{CASH},Cash,5.25,0", f"{BANK},Bank,101,0")


def test_the_column_of_the_chart_is_chosen_and_said():
    assert "codes_read_from" in reviewed(books(), f"7,{CASH},Cash,1345.50,0", header="code,account,name,debit,credit")


def test_books_that_agree_are_said_to_agree():
    assert "balances_agree" in compared("1345.50")


@pytest.mark.parametrize(
    ("cash", "code", "difference"),
    [
        ("1345", "satang_dropped", "0.50"),
        ("1435.50", "digits_swapped", "90.00"),
        ("1426.50", "digits_perhaps_swapped", "81.00"),
        ("1350.50", "balance_differs", "5.00"),
        ("-1345.50", "balance_on_other_side", "2691.00"),
    ],
)
def test_a_difference_is_named_by_the_slip_it_looks_like(cash, code, difference):
    assert compared(cash)[code] == difference


def test_accounts_that_only_one_of_the_two_has_are_told():
    assert "balance_not_in_books" in compared("1345.50", bank=f"{FUEL},Fuel,2000.00,0")
    assert "balance_not_in_table" in compared("1345.50", bank="")


def test_a_table_without_amounts_is_refused():
    assert "balance_no_amounts" in reviewed(a_fiscal_year(), f"{CASH},Cash", header="code,name")


def test_a_broken_csv_is_told_at_its_line():
    view = sent(a_fiscal_year(), b'reference,"' + b"x" * 200_000, "journals.csv")

    assert ("1", "continuity.line_not_csv") in [(f.refusal.where, f.refusal.code) for f in view.findings]


def test_a_sheet_with_too_many_rows_or_columns_is_refused_before_it_is_read(monkeypatch):
    real = workbooks.limit
    wide = a_workbook(two_rows("A-1"))

    for key, code in (("rows_max", "continuity.too_many_rows"), ("columns_max", "continuity.too_many_columns")):
        with monkeypatch.context() as patch:
            patch.setattr(workbooks, "limit", lambda part, name, key=key: 1 if name == key else real(part, name))
            assert code in [found for _, found in reasons(sent(a_fiscal_year(), wide))]


def test_a_file_is_not_taken_in_when_the_disk_is_nearly_full(monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  (the shape of shutil.disk_usage)
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _folder: usage(10**9, 10**9 - 10**6, 10**6))

    with pytest.raises(Refused, match=r"continuity\.disk_full"):
        sent(a_fiscal_year(), a_csv(two_rows("A-1")), "journals.csv")


def test_an_import_is_found_only_when_it_exists_and_its_file_only_where_it_was_put():
    actor = a_fiscal_year()
    with pytest.raises(Refused, match=r"continuity\.import_unknown"):
        commands.check(actor=actor, import_id=uuid.uuid4(), today=TODAY)

    view = sent(actor, a_csv(two_rows("A-1")), "journals.csv")
    with entity_transaction(actor.entity_id):
        path = Path(queries.stored_path(view))
    assert path.is_relative_to(settings.KHLANG_HOME)
    shutil.move(path, path.with_suffix(".gone"))

    again = commands.check(actor=actor, import_id=view.id, today=TODAY)
    assert "continuity.file_lost" in [found for _, found in reasons(again)]


def test_an_import_moves_only_from_the_state_it_is_in():
    actor = a_fiscal_year()
    view = posted(actor, a_csv(two_rows("A-1")), "journals.csv")

    with pytest.raises(Refused, match=r"continuity\.wrong_state"):
        commands.check(actor=actor, import_id=view.id, today=TODAY)


def test_a_senders_own_key_that_was_undone_is_not_posted_again():
    actor = a_fiscal_year()
    content = json_lines([a_json_line()])
    view = posted(actor, content, "journals.jsonl")
    commands.undo(actor=actor, import_id=view.id, reason="The wrong file")

    again = sent(actor, content, "journals.jsonl")

    assert "continuity.replays_reversed" in [found for _, found in reasons(again, "warning")]


def test_old_codes_are_converted_on_request_and_said():
    actor = a_fiscal_year()
    first, second = two_rows("A-1")
    first[4] = "010"

    view = sent(actor, a_csv([first, second]), "journals.csv", converts_old_codes=True)

    assert "continuity.code_converted" in [found for _, found in reasons(view, "note")]


def test_nothing_is_checked_or_posted_while_an_import_is_being_taken_back():
    actor = a_fiscal_year()
    first = posted(actor, a_csv(two_rows("A-1")), "journals.csv")
    waiting = sent(actor, a_csv(two_rows("A-2")), "others.csv")
    commands.begin_undo(actor=actor, import_id=first.id, reason="The wrong file")

    with pytest.raises(Refused, match=r"continuity\.undo_running"):
        commands.post(actor=actor, import_id=waiting.id, at=AT)
    late = sent(actor, a_csv(two_rows("A-3")), "late.csv")
    assert "continuity.undo_running" in [found for _, found in reasons(late)]


def test_a_form_without_a_file_says_so():
    asked = upload_asked(RequestFactory().post("/"))

    assert [(refusal.code, refusal.where) for refusal in asked.refusals] == [("continuity.file_missing", "file")]
