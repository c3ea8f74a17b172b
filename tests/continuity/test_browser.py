"""Bang Tanai through the page, in a real browser: download, drop, look, post, take back."""

import pytest

from khlang.continuity import queries
from khlang.kernel.money import baht
from khlang.ledger import commands as ledger_commands
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import an_actor
from tests.continuity.files import a_workbook, two_rows
from tests.continuity.test_bang_tanai import ORACLES, closing_balances, the_workbook, total_of
from tests.looks import barriers


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the published tables are not here")
def test_bang_tanai_comes_in_through_the_page(office, at_desk, tmp_path):
    ledger_commands.open_fiscal_year(actor=an_actor(entity=office.entity), fiscal_year=2554)
    the_workbook(tmp_path, office.entity.code)
    sender = at_desk(office.maker)

    sender.goto(f"{office.home}imports/new/")
    assert barriers(sender) == []
    sender.set_input_files("#file", tmp_path / "bang_tanai.xlsx")
    sender.click("text=ส่งและตรวจ")
    sender.wait_for_selector("text=ถูกต้องทุกรายการ")
    assert barriers(sender) == []
    page = at_desk(office.poster)
    page.goto(sender.url)
    page.click("button[data-submit]")
    page.wait_for_selector("text=ลงบัญชีแล้ว 88 รายการ")

    assert barriers(page) == []
    assert page.said == []
    assert total_of(closing_balances(office.poster), "021") == baht("27143635.64")
    with entity_transaction(office.poster.entity_id):
        assert queries.imports()[0][0].posted == 88


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_errors_are_read_at_their_cells_and_nothing_is_wrong_for_those_who_listen(
    office, at_desk, tmp_path, width, height
):
    rows = [*two_rows("A-1"), *two_rows("A-2"), *two_rows("A-3")]
    rows[0][6], rows[2][4], rows[4][1] = "สองร้อย", "9999999999", "32/13/2567"
    (tmp_path / "wrong.xlsx").write_bytes(a_workbook(rows))
    page = at_desk(office.maker, width=width, height=height)

    page.goto(f"{office.home}imports/new/")
    page.set_input_files("#file", tmp_path / "wrong.xlsx")
    page.click("text=ส่งและตรวจ")
    page.wait_for_selector("text=“สองร้อย” ไม่ใช่จำนวนเงิน")

    assert "รายการ!G2" in page.inner_text("main")
    assert barriers(page) == []
    page.goto(f"{office.home}imports/")
    assert barriers(page) == []
    assert page.said == []


def test_a_file_dropped_on_the_box_is_the_file_sent(office, at_desk):
    page = at_desk(office.maker)
    page.goto(f"{office.home}imports/new/")
    data = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.items.add(new File(['a'], 'dropped.csv')); return d; }"
    )

    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})

    assert page.evaluate("document.getElementById('file').files[0].name") == "dropped.csv"
