"""The published figures of a real organization, through the same commands an office uses."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from khlang.kernel.money import ZERO, baht
from khlang.ledger import queries as ledger
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_fiscal_year
from tests.continuity.files import posted, reasons, sent

REPOSITORY = Path(__file__).resolve().parents[2]
ORACLES = REPOSITORY.parent / "shared" / "oracles"
END = date(2010, 12, 31)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not ORACLES.is_dir(), reason="the published tables are not here"),
]


def the_workbook(tmp_path, entity_code) -> bytes:
    """The workbook as the script builds it."""
    output = tmp_path / "bang_tanai.xlsx"
    script = REPOSITORY / "scripts" / "build_bang_tanai.py"
    command = [sys.executable, script, ORACLES / "bang_tanai", output, "--entity", entity_code]
    subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY)
    return output.read_bytes()


@pytest.fixture
def bang_tanai(tmp_path):
    actor = a_fiscal_year(year=2554)
    view = posted(actor, the_workbook(tmp_path, actor.entity_code), "bang_tanai.xlsx")
    return actor, view


def closing_balances(actor):
    with entity_transaction(actor.entity_id):
        rows = ledger.balances(fiscal_year=2554, to=END)
    found = {}
    for row in rows:
        found[row.account] = found.get(row.account, ZERO) + row.balance
    return {account: amount for account, amount in found.items() if amount}


def total_of(balances, *starts):
    return sum((amount for account, amount in balances.items() if account.startswith(starts)), ZERO)


def test_bang_tanai_gives_the_published_trial_balance(bang_tanai):
    actor, view = bang_tanai

    assert (view.posted, view.errors, view.warnings) == (88, 0, 0)
    balances = closing_balances(actor)
    debit = sum((amount for amount in balances.values() if amount > ZERO), ZERO)
    assert debit == baht("30724364.28")
    assert -sum((amount for amount in balances.values() if amount < ZERO), ZERO) == baht("30724364.28")
    assert total_of(balances, "021") == baht("27143635.64")
    assert total_of(balances, "081", "082", "083") == baht("68252.00")
    assert total_of(balances, "704") == baht("11500.00")
    assert total_of(balances, "4") == baht("-5287943.45")
    assert total_of(balances, "5", "22") == baht("3500976.64")
    assert total_of(balances, "90") == baht("-1201781.29")
    assert total_of(balances, "600") == baht("-6097604.84")
    assert total_of(balances, "602") == baht("-868806.27")
    assert balances["707"] == baht("-5869711.62")
    assert balances["700"] == baht("-11398516.81")


def test_bang_tanai_leaves_in_each_bank_what_the_bank_list_prints(bang_tanai):
    actor, _ = bang_tanai

    balances = closing_balances(actor)

    assert {account: str(amount) for account, amount in balances.items() if account.startswith("021")} == {
        "021-02": "10875481.05",
        "021-03": "1769497.71",
        "021-04": "10935127.12",
        "021-05": "3563529.76",
    }


def test_bang_tanai_carries_the_missing_satang_on_the_line_that_lost_them(bang_tanai):
    actor, _ = bang_tanai

    assert closing_balances(actor)["534000"] == baht("101470.04")


def test_review_says_exactly_what_is_wrong_with_the_careless_trial_balance(bang_tanai):
    actor, _ = bang_tanai
    content = next((ORACLES / "bang_tanai").glob("*trial_balance*")).read_bytes()

    view = sent(actor, content, "trial_balance.csv", mode="trial-balance", compare_to=END)

    found = {
        (f.refusal.code, f.refusal.facts.get("account", ""), f.refusal.facts.get("difference", ""))
        for f in view.findings
    }
    assert ("continuity.digits_swapped", "082", "45.00") in found
    assert ("continuity.satang_dropped", "531000", "0.50") in found
    assert ("continuity.satang_dropped", "700", "0.81") in found
    assert ("continuity.satang_dropped", "707", "0.62") in found
    assert ("continuity.satang_dropped", "821", "0.45") in found
    assert ("continuity.satang_dropped", "900", "0.29") in found
    assert ("continuity.satang_dropped", "561000", "0.10") in found
    assert ("continuity.satang_dropped", "534000", "0.04") in found
    assert ("continuity.balance_not_in_table", "704", "") in found
    assert ("continuity.code_stands_for_many", "021", "") in found
    assert view.summary["debit"] == view.summary["credit"]


def test_review_finds_the_five_baht_that_a_printed_total_is_off():
    actor = a_fiscal_year(year=2554)
    content = next((ORACLES / "others").glob("saladamduan*")).read_bytes()

    view = sent(actor, content, "taxes.csv", mode="trial-balance")

    assert [(f.refusal.where, f.refusal.code, dict(f.refusal.facts)) for f in view.findings if f.weight == "error"] == [
        (
            "D8",
            "continuity.total_differs",
            {"label": "รวมหมวดภาษีอากร", "printed": "209308.50", "summed": "209303.50", "difference": "5.00"},
        ),
    ]


def test_bang_tanai_comes_twice_and_is_posted_once(bang_tanai, tmp_path):
    actor, _ = bang_tanai

    again = posted(actor, the_workbook(tmp_path, actor.entity_code), "bang_tanai.xlsx")

    assert (again.posted, again.replayed) == (0, 88)
    assert reasons(again) == []
