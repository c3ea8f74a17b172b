"""Fields in a real browser: amounts with sums, Buddhist dates, rows of a document. Real keys, the keyboard of an office."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import expect

FORM = """
<form id="f" method="post" action="/nowhere/">
<div class="f"><div><label for="date">Date</label><be-date><input class="in" id="date" name="date"></be-date></div>
<div><label for="amount">Amount</label><money-input><input class="in num" id="amount" name="amount" inputmode="decimal"></money-input></div></div>
<div class="card"><line-grid name="lines"><table class="lines"><thead><tr><th class="n">#</th><th>Account</th><th>Text</th><th class="num">Debit</th><th class="num">Credit</th></tr></thead>
<tbody>{rows}</tbody></table><template>{pattern}</template></line-grid>
<div class="addrow"><button type="button" class="btn btn-s" data-add-line>Add</button>
<dl class="sum"><div><dt>Debit</dt><dd><output data-sum="debit"></output></dd></div><div><dt>Credit</dt><dd><output data-sum="credit"></output></dd></div>
<div><dt>Difference</dt><dd><output data-difference="debit credit"></output></dd></div></dl></div></div>
</form>
"""
ROW = """<tr><td class="n">{n1}</td>
<td data-l="Account"><combo-box source="{source}"><input name="lines.{n}.account" id="lines.{n}.account" aria-label="Account, row {n1}" data-col="account"></combo-box></td>
<td data-l="Text"><input name="lines.{n}.text" id="lines.{n}.text" aria-label="Text, row {n1}" data-col="text"></td>
<td data-l="Debit" class="num"><money-input><input name="lines.{n}.debit" id="lines.{n}.debit" inputmode="decimal" aria-label="Debit, row {n1}" data-col="debit"></money-input></td>
<td data-l="Credit" class="num"><money-input><input name="lines.{n}.credit" id="lines.{n}.credit" inputmode="decimal" aria-label="Credit, row {n1}" data-col="credit"></money-input></td></tr>"""


AMOUNTS = [
    ("8000*1.07", "8,560.00"),
    ("1234567.5", "1,234,567.50"),
    ("๑๒๓", "123.00"),
    ("1,240-2,480", "(1,240.00)"),
    ("(1,240.00)", "(1,240.00)"),
    ("0.1+0.2", "0.30"),
    ("100/3", "33.33"),
    ("2000*7%", "140.00"),
    ("(1500+250)*2", "3,500.00"),
    ("999999999999999.99", "999,999,999,999,999.99"),
    ("฿ 75 บาท", "75.00"),
    ("", ""),
]


NO_AMOUNTS = ["abc", "1.234", "5/0", "1000000000000000", "8*", "alert(1)"]


DATES = [
    ("231169", "23 พ.ย. 2569"),
    ("23112569", "23 พ.ย. 2569"),
    ("23/11/2569", "23 พ.ย. 2569"),
    ("23-11-69", "23 พ.ย. 2569"),
    ("๒๓/๑๑/๒๕๖๙", "23 พ.ย. 2569"),
    ("23 พย 69", "23 พ.ย. 2569"),
    ("23 พ.ย. 2569", "23 พ.ย. 2569"),
    ("23 พฤศจิกายน 2569", "23 พ.ย. 2569"),
    ("วันที่ 1 ต.ค. 2567", "1 ต.ค. 2567"),
    ("23 พ.ย. พ.ศ. 2569", "23 พ.ย. 2569"),
    ("2026-11-23", "23 พ.ย. 2569"),
    ("29/2/2567", "29 ก.พ. 2567"),
]


NO_DATES = ["31/2/2569", "32/1/2569", "hello", "23/11/1500", "1/1/26"]


@pytest.fixture
def form(blank, live_khlang, office):
    """A page with every kind of field, served under the same content policy as the others."""
    source = f"/{office.entity_code}/choices/accounts?year=2568"
    rows = "".join(ROW.format(n=n, n1=n + 1, source=source) for n in range(2))
    pattern = ROW.format(n="__n__", n1="__n1__", source=source)
    request = RequestFactory().get("/")
    request.user = type("Person", (), {"is_authenticated": True, "pk": office.user_id, "username": "someone"})()
    frame = render_to_string("web/alone.html", {"request": request, "user": request.user}, request=request)
    body = re.sub(r"(<main[^>]*>)", lambda found: found[1] + FORM.format(rows=rows, pattern=pattern), frame)
    policy = blank.request.get(blank.home).headers["content-security-policy"]
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
    blank.route("**/form-of-the-test/", lambda route: route.fulfill(body=body, headers=headers))
    blank.goto(f"{live_khlang}/form-of-the-test/")
    blank.wait_for_function("() => Boolean(customElements.get('line-grid'))")
    return blank


def typed(page, selector: str, text: str) -> str:
    page.click(selector)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    return page.input_value(selector)


def test_an_amount_is_written_as_accounts_write_it(form):
    for text, written in AMOUNTS:
        assert typed(form, "#amount", text) == written, text


def test_what_is_no_amount_stays_as_typed_and_is_marked(form):
    for text in NO_AMOUNTS:
        assert typed(form, "#amount", text) == text, text
        assert form.get_attribute("#amount", "aria-invalid") == "true"
        assert text in form.inner_text("money-input:has(#amount) .says")


def test_a_wrong_amount_is_forgiven_once_it_is_right(form):
    typed(form, "#amount", "abc")
    typed(form, "#amount", "12")

    assert form.get_attribute("#amount", "aria-invalid") is None
    assert form.inner_text("money-input:has(#amount) .says") == ""


def test_an_amount_is_selected_whole_when_entered(form):
    typed(form, "#amount", "12")
    form.click("#amount")
    form.keyboard.type("7")
    form.keyboard.press("Tab")

    assert form.input_value("#amount") == "7.00"


def test_a_date_is_read_as_people_type_it(form):
    for text, written in DATES:
        assert typed(form, "#date", text) == written, text


def test_days_near_today_are_read(form):
    form.clock.install(time="2026-11-23T03:00:00Z")

    assert typed(form, "#date", "วันนี้") == "23 พ.ย. 2569"
    assert typed(form, "#date", "+7") == "30 พ.ย. 2569"
    assert typed(form, "#date", "0112") == "1 ธ.ค. 2569"


def test_a_christian_year_is_turned_and_said(form):
    assert typed(form, "#date", "23/11/2026") == "23 พ.ย. 2569"
    assert "ค.ศ." in form.inner_text("be-date .says")


def test_the_fiscal_year_stands_beside_the_day(form):
    typed(form, "#date", "1/10/2567")

    assert "ปีงบ 2568" in form.inner_text("be-date .says")


def test_what_is_no_date_stays_as_typed_and_is_said(form):
    form.clock.install(time="2026-11-23T03:00:00Z")
    for text in NO_DATES:
        assert typed(form, "#date", text) == text, text
        assert "ไม่เข้าใจวันที่" in form.inner_text("be-date .says")


def test_the_calendar_is_walked_with_the_keyboard(form):
    typed(form, "#date", "23/11/2569")
    form.focus("#date")
    form.keyboard.press("Alt+ArrowDown")
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        form.keyboard.press(key)

    assert form.input_value("#date") == "1 ธ.ค. 2569"
    assert form.evaluate("document.activeElement.id") == "date"


def focused(page) -> str:
    return page.evaluate("document.activeElement.name")


def test_enter_goes_down_and_a_filled_last_row_grows_another(form):
    form.focus("[name='lines.0.debit']")
    form.keyboard.type("100")
    form.keyboard.press("Enter")
    assert focused(form) == "lines.1.debit"
    form.keyboard.type("50")
    form.keyboard.press("Enter")
    assert focused(form) == "lines.2.debit"
    form.keyboard.press("Enter")
    expect(form.locator("line-grid tbody tr")).to_have_count(3)
    form.keyboard.press("Shift+Enter")
    assert focused(form) == "lines.1.debit"
    assert form.input_value("[name='lines.0.debit']") == "100.00"


def test_tab_in_the_last_field_makes_a_row_and_not_when_it_is_empty(form):
    form.focus("[name='lines.1.credit']")
    form.keyboard.type("50")
    form.keyboard.press("Tab")
    assert focused(form) == "lines.2.account"
    form.focus("[name='lines.2.credit']")
    form.keyboard.press("Tab")
    expect(form.locator("line-grid tbody tr")).to_have_count(3)


def test_control_d_repeats_the_value_above(form):
    form.fill("[name='lines.0.text']", "ค่าน้ำมัน")
    form.focus("[name='lines.1.text']")
    form.keyboard.press("Control+d")

    assert form.input_value("[name='lines.1.text']") == "ค่าน้ำมัน"


def test_a_deleted_row_comes_back_where_it_was(form):
    form.fill("[name='lines.0.text']", "first")
    form.fill("[name='lines.1.text']", "second")
    form.focus("[name='lines.0.text']")
    form.keyboard.press("Control+Backspace")
    assert form.input_value("[name='lines.0.text']") == "second"
    form.click(".toast button")
    assert [form.input_value(f"[name='lines.{n}.text']") for n in (0, 1)] == ["first", "second"]
    assert form.get_attribute("[name='lines.1.text']", "aria-label") == "Text, row 2"


def test_sums_and_difference_are_exact(form):
    for name, text in {"0.debit": "0.1", "1.debit": "0.2", "0.credit": "0.3"}.items():
        form.focus(f"[name='lines.{name}']")
        form.keyboard.type(text)
    form.keyboard.press("Tab")

    assert [form.inner_text(f"output >> nth={n}") for n in range(3)] == ["0.30", "0.30", "0.00"]
    form.fill("[name='lines.1.credit']", "1240")
    assert form.inner_text("output >> nth=2") == "1,240.00"
    expect(form.locator(".off")).to_have_count(1)


def pasted(page, selector: str, text: str) -> None:
    page.eval_on_selector(
        selector,
        """(field, text) => { field.focus(); const data = new DataTransfer(); data.setData('text/plain', text);
        field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }""",
        text,
    )


def test_rows_from_excel_are_shown_before_they_enter_the_form(form):
    pasted(
        form,
        "[name='lines.0.account']",
        "Account\tText\tDebit\tCredit\n1101030101\tฝากธนาคาร\t1,500.00\t\n4101010101\tภาษี\t\tหนึ่งพัน\n",
    )

    expect(form.locator("dialog.sheet tbody tr")).to_have_count(2)
    assert form.locator("dialog.sheet .bad-cell").inner_text() == "หนึ่งพัน"
    assert form.input_value("[name='lines.0.account']") == ""
    form.click("dialog.sheet .btn-p")
    assert form.input_value("[name='lines.0.debit']") == "1,500.00"
    assert form.input_value("[name='lines.1.account']") == "4101010101"
    assert form.get_attribute("[name='lines.1.credit']", "aria-invalid") == "true"


def test_rows_from_excel_can_be_thrown_away(form):
    pasted(form, "[name='lines.0.account']", "a\tb\nc\td")
    form.keyboard.press("Escape")

    expect(form.locator("dialog.sheet")).to_have_count(0)
    assert form.input_value("[name='lines.0.account']") == ""


def test_a_single_word_is_pasted_as_it_is(form):
    pasted(form, "[name='lines.0.text']", "one word")

    expect(form.locator("dialog.sheet")).to_have_count(0)


def test_an_account_is_found_by_words_and_chosen_by_keys(form):
    form.focus("[name='lines.0.account']")
    form.keyboard.type("กระแสรายวัน")
    form.wait_for_selector("combo-box .pick li code")
    assert form.get_attribute("[name='lines.0.account']", "aria-expanded") == "true"
    form.keyboard.press("Enter")

    assert form.input_value("[name='lines.0.account']") == "1101030101"
    assert "กระแสรายวัน" in form.inner_text("tr:first-child .says >> nth=0")
    assert focused(form) == "lines.0.account"


def test_an_account_typed_as_a_code_is_named(form):
    form.focus("[name='lines.0.account']")
    form.keyboard.type("1101010101")
    form.wait_for_selector("combo-box .pick li code")
    form.keyboard.press("Tab")

    assert form.inner_text("tr:first-child .says >> nth=0") == "เงินสด"


def test_keys_while_a_word_is_being_composed_are_left_alone(form):
    form.focus("[name='lines.0.text']")
    form.eval_on_selector(
        "[name='lines.0.text']",
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, isComposing: true}))",
    )

    assert focused(form) == "lines.0.text"


def test_no_field_breaks_the_content_policy(form):
    typed(form, "#amount", "8000*1.07")
    typed(form, "#date", "231169")
    form.focus("#date")
    form.keyboard.press("Alt+ArrowDown")

    assert form.said == []
