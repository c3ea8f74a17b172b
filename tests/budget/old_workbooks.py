"""Workbooks of remaining budget as New e-LAAS gives them, written from invented lines."""

from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

HEAD = (
    "",
    "งาน",
    "หมวดรายจ่าย",
    "ประเภทรายจ่าย",
    "โครงการ/รายการ",
    "รหัสงบประมาณ",
    "",
    "",
    "งบประมาณอนุมัติ",
    "โอนเพิ่ม",
    "โอนลด",
)
HEAD += ("ก่อหนี้ผูกพัน", "เบิกจ่าย", "สถานะ", "คงเหลือ")


@dataclass
class OldLine:
    """One row: amounts in satang."""

    code: str
    approved: int
    transferred_in: int = 0
    transferred_out: int = 0
    obligated: int = 0
    disbursed: int = 0
    item: str = ""
    work: str = ""
    type: str = ""
    changed: dict[int, object] = field(default_factory=dict)

    @property
    def remaining(self) -> int:
        return self.approved + self.transferred_in - self.transferred_out - self.obligated - self.disbursed


def shown(satang: int, way: int) -> object:
    """An amount as such workbooks hold it: a number, text with commas, text with the word for baht, nothing for zero."""
    text = f"{satang // 100:,}.{satang % 100:02d}"
    if not satang and way == 3:
        return ""
    return (satang / 100, text, f"{text} บาท", satang / 100)[way]


def write(path: Path, lines: list[OldLine], *, year: str = "2569", number_codes: bool = False) -> Path:
    """A workbook with the head of the form, a row for each line, and totals between them."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("reportRemainBudgetXlsx")
        sheet.write("B2", "วันที่พิมพ์ : 22/05/2569 17:54")
        sheet.write("B4", f"รายงานงบประมาณคงเหลือ ประจำปีงบประมาณ {year}")
        sheet.write("B5", "องค์การบริหารส่วนตำบลฝึกหัด")
        sheet.write_row(7, 0, HEAD)
        row = 8
        for count, line in enumerate(lines):
            code: object = float(line.code) if number_codes else line.code
            amounts = (line.approved, line.transferred_in, line.transferred_out, line.obligated, line.disbursed)
            cells = [
                "",
                line.work,
                "",
                line.type,
                line.item,
                code,
                "",
                "",
                *(shown(a, (count + n) % 4) for n, a in enumerate(amounts)),
            ]
            cells += ["อนุมัติ", shown(line.remaining, count % 4)]
            for place, value in line.changed.items():
                cells[place] = value
            sheet.write_row(row, 0, cells)
            row += 1
            if count % 3 == 2:
                sheet.write_row(row, 0, ["", "รวมงาน", "", "", "", "", "", "", 1.0])
                row += 1
    return path
