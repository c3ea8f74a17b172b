"""Ordinances for the printing tests, built without a database."""

import uuid
from datetime import date

from khlang.budget.rules import (
    DraftLineView,
    EstimateView,
    Explanation,
    LineDraft,
    LineIdentity,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    StepView,
)
from khlang.kernel.money import Baht, baht
from khlang.official_forms.rules.ordinance_paper import Office, OrdinancePaper

NAMES = {
    "00110": "แผนงานบริหารงานทั่วไป",
    "00111": "งานบริหารทั่วไป",
    "5300000": "งบดำเนินงาน",
    "5330000": "ค่าวัสดุ",
    "5330100": "วัสดุสำนักงาน",
    "5420000": "ค่าที่ดินและสิ่งก่อสร้าง",
    "01": "สำนักปลัด",
    "FS01": "เงินรายได้",
    "WATER": "กิจการประปา",
}
SAO = Office(
    "องค์การบริหารส่วนตำบลทุ่งสวรรค์",
    "subdistrict_administrative_organization",
    "นครราชสีมา",
    "ข้อบัญญัติ",
    "นายอำเภอ",
)
TOWN = Office("เทศบาลเมืองบัวใหญ่", "town_municipality", "นครราชสีมา", "เทศบัญญัติ", "ผู้ว่าราชการจังหวัด")
PROVINCE = Office(
    "องค์การบริหารส่วนจังหวัดนครราชสีมา",
    "provincial_administrative_organization",
    "นครราชสีมา",
    "ข้อบัญญัติ",
    "ผู้ว่าราชการจังหวัด",
)


def a_line(amount="100.00", *, work="00111", budget_type="5330100", item="", enterprise="", text="เพื่อจ่ายเป็นค่าวัสดุ"):
    identity = LineIdentity("01", work, budget_type, "FS01", item, enterprise)
    explanation = Explanation(text=text, legal_basis="หนังสือ ว 1657", plan_reference="หน้า 12 ข้อ 3")
    draft = LineDraft(identity, amount if isinstance(amount, Baht) else baht(amount), explanation)
    return DraftLineView(uuid.uuid4(), uuid.uuid4(), 1, draft, "Sudarat")


def an_estimate(amount="100.00", *, code="411012", enterprise="", **actuals):
    past = {int(year.removeprefix("y")): baht(text) for year, text in actuals.items()}
    return EstimateView(code, "ภาษีที่ดินและสิ่งปลูกสร้าง", enterprise, baht(amount), "คาดว่าจะได้รับ", 1, past)


def a_paper(*lines, estimates=(), office=SAO, state="preparing", kind="annual", steps=(), **facts):
    view = OrdinanceView(
        id=uuid.uuid4(),
        fiscal_year=2569,
        kind=OrdinanceKind(kind),
        number=1,
        state=OrdinanceState(state),
        revision=1,
        statement=facts.pop("statement", ""),
        principle="",
        reason="",
        money_source=facts.pop("money_source", ""),
        made_by_name="Sudarat",
        entry_no=None,
        steps=steps,
    )
    return OrdinancePaper(office, view, lines or (a_line(),), tuple(estimates), NAMES, {}, **facts)


def a_step(state, day=date(2025, 9, 15), number="1/2568"):
    return StepView(OrdinanceState(state), day, number, "", "Sudarat")
