"""Reports in a real browser: from a statement down to its journal by pressing, and no barrier for anyone."""

from tests.builders import CASH, YEAR
from tests.looks import DESK, PHONE, faults_in_looks
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


def test_report_pages_have_no_barrier_and_fit_the_screen(signed_in):
    page, found = signed_in, []
    for address in PAGES:
        page.goto(page.home + address)
        found += faults_in_looks(page, ((DESK, "light"), (PHONE, "light")))

    assert found == []
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
