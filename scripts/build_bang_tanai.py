"""Builds the import workbook of a real subdistrict organization from its published figures.

    python scripts/build_bang_tanai.py ../shared/oracles/bang_tanai bang_tanai.xlsx [--entity CODE]

Opening position at 30 September 2553, the journals of October to December 2553, sub-accounts, and the budget.
What the paper does not say (how two months share a sum, which bank held what) is decided in bang_tanai.toml and
written on the notes sheet of the workbook.
"""

import argparse
import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from khlang.continuity.writers.template import TemplateFacts, write_template
from khlang.kernel.money import ZERO, Baht, baht

PLAN = tomllib.loads((Path(__file__).with_suffix("").parent / "bang_tanai.toml").read_text(encoding="utf-8"))
DAYS = (date(2010, 10, 1), date(2010, 11, 1), date(2010, 12, 1))
DEFAULT_FUND = "FS01"
TOTAL_SIGN = "("
Row = list[Any]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """One published table."""
    with next(folder.glob(f"*{name}*.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def opening_rows(folder: Path) -> list[Row]:
    """The position of 30 September without the memorandum of fixed assets; cash by bank and by source of money."""
    rows: list[Row] = []
    cash_by_fund: dict[str, Baht] = {}
    for line in table(folder, "balance_sheet"):
        if line["note"] == "memorandum" or line["label_th"] not in PLAN["opening"]:
            continue
        chosen = PLAN["opening"][line["label_th"]]
        amount, is_debit = baht(line["amount"]), line["section"] == "asset"
        for account, part in split(chosen, amount):
            rows.append([account, line["label_th"], chosen["fund"], *sides(part, is_debit=is_debit), ""])
        signed = -amount if is_debit else amount
        cash_by_fund[chosen["fund"]] = cash_by_fund.get(chosen["fund"], ZERO) + signed
    return [*cash_rows(folder, cash_by_fund), *rows]


def split(chosen: dict[str, Any], amount: Baht) -> Iterator[tuple[str, Baht]]:
    """A printed sum in the parts that belong to other accounts, and the rest."""
    for part in chosen.get("split", ()):
        yield part["account"], baht(part["amount"])
        amount -= baht(part["amount"])
    yield chosen["account"], amount


def sides(amount: Baht, *, is_debit: bool) -> tuple[Baht | None, Baht | None]:
    """Debit and credit cells."""
    return (amount, None) if is_debit else (None, amount)


def cash_rows(folder: Path, cash_by_fund: dict[str, Baht]) -> Iterator[Row]:
    """Fill each bank's balance of 1 October with the sources it holds, in the order of the plan."""
    closing = {
        (line["bank_th"], line["account_kind_th"]): baht(line["balance"]) for line in table(folder, "bank_balances")
    }
    names = {f"{sub['account']}-{sub['number']}": sub for sub in PLAN["sub_accounts"]}
    left = dict(cash_by_fund)
    for bank in PLAN["bank_order"]:
        sub = names[bank["sub_account"]]
        room = closing[sub["bank"], sub["kind"]]
        if bank["sub_account"] == PLAN["paying_bank"]:
            room -= quarter_net(folder)
        for fund in bank["funds"]:
            part = min(room, left[fund])
            if part:
                yield [bank["sub_account"], sub["name"], fund, part, None, ""]
            room, left[fund] = room - part, left[fund] - part
        if room:
            raise SystemExit(f"{bank['sub_account']}: {room} has no source of money")
    if any(left.values()):
        raise SystemExit(f"cash without a bank: {left}")


def movements(folder: Path) -> Iterator[tuple[str, dict[str, str], tuple[Baht, Baht, Baht]]]:
    """Each printed line of receipts and payments with its amounts of October, November and December."""
    for line in table(folder, "receipts_payments"):
        if line["section"] not in ("receipt", "payment") or not line["account_code"]:
            continue
        year, december = baht(line["year_to_date"] or "0"), baht(line["this_month"] or "0")
        if line["label_th"] == PLAN["satang_line"]:
            year += missing_satang(folder)
        before = year - december
        october = Baht.from_satang(before.satang // 2)
        yield line["section"], line, (october, before - october, december)


def missing_satang(folder: Path) -> Baht:
    """By how much the printed expenditure lines of the year fall short of their printed total."""
    lines = [line for line in table(folder, "receipts_payments") if line["section"] == "payment"]
    total_at = next(
        at for at, line in enumerate(lines) if line["label_th"].startswith(TOTAL_SIGN) and not line["account_code"]
    )
    return baht(lines[total_at]["year_to_date"]) - sum((baht(line["year_to_date"]) for line in lines[:total_at]), ZERO)


def quarter_net(folder: Path) -> Baht:
    """Receipts less payments of the three months."""
    signs = {"receipt": 1, "payment": -1}
    return sum((sum(amounts, ZERO) * signs[section] for section, _, amounts in movements(folder)), ZERO)


def journal_rows(folder: Path) -> Iterator[Row]:
    """Two rows for each line and month that moved money."""
    for month, first_day in enumerate(DAYS):
        numbers = {"receipt": 0, "payment": 0}
        for section, line, amounts in movements(folder):
            if not amounts[month]:
                continue
            numbers[section] += 1
            named = {"first_day": first_day, "number": numbers[section], "month": PLAN["months"][month]}
            yield from two_rows(section, line, amounts[month], **named)


def two_rows(
    section: str,
    line: dict[str, str],
    amount: Baht,
    *,
    first_day: date,
    number: int,
    month: str,
) -> Iterator[Row]:
    """The journal of one line in one month: the bank and the line's account."""
    chosen = PLAN[section].get(line["label_th"], {"account": line["account_code"], "fund": DEFAULT_FUND})
    is_receipt = section == "receipt"
    reference = f"BT-{first_day:%m}-{'R' if is_receipt else 'P'}{number:02d}"
    day = first_day.replace(day=4 + number % 24)
    text = PLAN["receive_text" if is_receipt else "pay_text"].format(label=line["label_th"], month=month)
    bank = (PLAN["paying_bank"], sides(amount, is_debit=is_receipt))
    other = (chosen["account"], sides(amount, is_debit=not is_receipt))
    first, second = (bank, other) if is_receipt else (other, bank)
    yield [reference, day, section, text, first[0], chosen["fund"], *first[1], "", ""]
    yield [reference, None, "", "", second[0], chosen["fund"], *second[1], "", ""]


def estimate_rows(folder: Path) -> Iterator[Row]:
    """The budget of each line that has one."""
    for line in table(folder, "receipts_payments"):
        amount = baht(line["budget_amount"] or "0")
        if amount and line["account_code"]:
            yield [line["account_code"], line["label_th"], amount]


def main() -> None:
    """Read the published tables, write the workbook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder with the published tables")
    parser.add_argument("output", type=Path)
    parser.add_argument("--entity", default=PLAN["entity_code"], help="code of the entity in your Khlang")
    asked = parser.parse_args()
    rows = {
        "opening": opening_rows(asked.folder),
        "journals": list(journal_rows(asked.folder)),
        "estimates": list(estimate_rows(asked.folder)),
        "sub_accounts": [[sub["account"], sub["number"], sub["name"]] for sub in PLAN["sub_accounts"]],
    }
    facts = TemplateFacts(
        entity_code=asked.entity,
        entity_name=PLAN["entity_name"],
        fiscal_year=PLAN["fiscal_year"],
        accounts=(),
        fund_sources=(),
        kinds=(),
        rows=rows,
        notes=PLAN["notes"],
        with_samples=False,
    )
    write_template(asked.output, facts=facts)
    print(f"{asked.output}: {len(rows['opening'])} opening lines, {len(rows['journals']) // 2} journals")


if __name__ == "__main__":
    main()
