"""Reports in a real browser: from a statement down to its journal by pressing, and no barrier for anyone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.builders import CASH, YEAR
from tests.web.conftest import office, signed_in

__all__ = ["office", "signed_in"]

PAGES = (
    "reports/",
    f"reports/{YEAR}/receipts-and-payments/?to=2024-12-31",
    f"reports/{YEAR}/trial-balance/?variant=movement&since=2024-12-01&to=2024-12-31",
    f"reports/{YEAR}/general-ledger/?account={CASH}",
    "journals/",
    f"journals/{YEAR}/2/",
)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_report_pages_have_no_barrier_and_fit_the_screen(signed_in, width, height):
    page = signed_in
    page.set_viewport_size({"width": width, "height": height})

    for address in PAGES:
        page.goto(page.home + address)
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert page.said == []


def test_a_reader_presses_from_a_statement_down_to_the_journal(signed_in):
    page = signed_in
    page.goto(f"{page.home}reports/{YEAR}/financial-position/?to=2024-12-31")

    page.locator("tr.r-detail a").first.click()
    page.locator("tr.r-detail a", has_text=CASH).click()
    assert "account=" in page.url
    page.locator("tr.r-detail a").first.click()

    assert f"/journals/{YEAR}/" in page.url
    page.get_by_role("link", name="1101010101").wait_for()


def test_a_month_is_one_press_away(signed_in):
    page = signed_in
    page.goto(f"{page.home}reports/{YEAR}/trial-balance/")

    page.locator(".report-months a").nth(2).click()

    assert "to=2024-12-31" in page.url
    assert page.locator(".report-months a[aria-current]").count() == 1
