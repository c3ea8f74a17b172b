"""The general journal voucher on paper: number, date, explanation, lines, evidence, places to sign (R270)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Signature
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.kernel.thai_text import baht_words
from khlang.official_forms.rules.paper import Printing, circumstances, moment_words, text_for
from khlang.official_forms.rules.statement_form import signature_place
from khlang.official_forms.rules.thai_breaks import keep_words
from khlang.official_forms.rules.words import Language, voucher_title, word


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One line of the voucher; exactly one side has an amount (baht)."""

    account: str
    account_name: str
    fund_source: str
    debit: Baht = ZERO
    credit: Baht = ZERO
    description: str = ""


@dataclass(frozen=True, slots=True)
class OneHand:
    """Preparer and approver were one person: the order that allowed it, and who reviews (R331, R333)."""

    order_number: str
    ordered_on: date
    reviewer: str


@dataclass(frozen=True, slots=True)
class VoucherPaper:
    """What is printed. A voucher not yet posted has no `label` and no `posted_at`, and is marked as a draft."""

    entity_name: str
    kind: str
    day: date
    description: str
    lines: tuple[VoucherLine, ...]
    label: str = ""
    attachments: tuple[str, ...] = ()
    sequence_no: int | None = None
    posted_at: datetime | None = None
    prepared_by: str = ""
    checked_by: str = ""
    posted_by: str = ""
    reverses: str = ""
    reversed_by: str = ""
    one_hand: OneHand | None = None

    @property
    def debit(self) -> Baht:
        """The sum of the debit side."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Baht:
        """The sum of the credit side."""
        return sum((line.credit for line in self.lines), ZERO)


def voucher_document(voucher: VoucherPaper) -> dict[str, object]:
    """The voucher as plain JSON values, as it is attached to its PDF."""
    return {
        "voucher": voucher.label,
        "kind": voucher.kind,
        "entity_name": voucher.entity_name,
        "date": voucher.day.isoformat(),
        "description": voucher.description,
        "lines": [
            {
                "account": line.account,
                "account_name": line.account_name,
                "fund_source": line.fund_source,
                "debit": str(line.debit),
                "credit": str(line.credit),
                "description": line.description,
            }
            for line in voucher.lines
        ],
        "attachments": list(voucher.attachments),
        "sequence_no": voucher.sequence_no,
        "posted_at": voucher.posted_at.isoformat() if voucher.posted_at else None,
        "posted_by": voucher.posted_by,
        **({"one_hand_by_order": voucher.one_hand.order_number} if voucher.one_hand else {}),
    }


def voucher_fingerprint(voucher: VoucherPaper) -> str:
    """The SHA-256 of what the voucher says."""
    canonical = json.dumps(voucher_document(voucher), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def voucher_form(*, voucher: VoucherPaper, printing: Printing) -> dict[str, object]:
    """Describe a voucher for the template `voucher.typ`."""
    language = printing.language
    given = printing if voucher.posted_at else _as_draft(printing)
    day = thai_date(voucher.day, "long") if language == "th" else english_date(voucher.day, "long")
    return circumstances(given, voucher_fingerprint(voucher)) | {
        "entity": text_for(printing, voucher.entity_name),
        "title": voucher_title(voucher.kind, language),
        "number": text_for(printing, voucher.label) or "....................",
        "day": text_for(printing, day),
        "description": text_for(printing, voucher.description),
        "landscape": False,
        "tagged": True,
        "size": 11,
        "lines": [_line(line, printing) for line in _debits_first(voucher)],
        "debit": text_for(printing, voucher.debit.display()),
        "credit": text_for(printing, voucher.credit.display()),
        "in_words": text_for(printing, baht_words(voucher.debit)) if language == "th" else "",
        "attachments": [
            {"number": text_for(printing, f"{number}."), "name": keep_words(name)}
            for number, name in enumerate(voucher.attachments, 1)
        ],
        "standing": [text_for(printing, sentence) for sentence in _standing(voucher, language)],
        "signatures": [signature_place(place, printing) for place in _places(voucher)],
        "words": _words(language),
    }


def _as_draft(printing: Printing) -> Printing:
    return Printing(
        printed_at=printing.printed_at,
        printed_by=printing.printed_by,
        language=printing.language,
        thai_digits=printing.thai_digits,
        watermark=word("draft", printing.language),
    )


def _debits_first(voucher: VoucherPaper) -> list[VoucherLine]:
    return sorted(voucher.lines, key=lambda line: not line.debit)


def _line(line: VoucherLine, printing: Printing) -> dict[str, object]:
    return {
        "account": text_for(printing, line.account),
        "name": text_for(printing, line.account_name),
        "description": text_for(printing, line.description),
        "fund_source": line.fund_source,
        "debit": text_for(printing, line.debit.display()) if line.debit else "",
        "credit": text_for(printing, line.credit.display()) if line.credit else "",
        "is_credit": bool(line.credit),
    }


def _standing(voucher: VoucherPaper, language: Language) -> list[str]:
    if voucher.posted_at is None:
        return [word("not_posted", language)]
    facts = {
        "moment": moment_words(voucher.posted_at, language),
        "name": voucher.posted_by,
        "sequence": str(voucher.sequence_no),
    }
    told = [word("posted", language, **facts)]
    if voucher.reverses:
        told.append(word("reverses", language, label=voucher.reverses))
    if voucher.reversed_by:
        told.append(word("reversed_by", language, label=voucher.reversed_by))
    if voucher.one_hand:
        day = thai_date(voucher.one_hand.ordered_on) if language == "th" else english_date(voucher.one_hand.ordered_on)
        facts = {"order": voucher.one_hand.order_number, "day": day, "reviewer": voucher.one_hand.reviewer}
        told.append(word("one_hand", language, **facts))
    return told


def _places(voucher: VoucherPaper) -> list[Signature]:
    names = {
        "prepared": voucher.prepared_by,
        "checked": voucher.checked_by,
        "approved": "",
        "recorded": voucher.posted_by,
    }
    return [Signature(word(office, "th"), word(office, "en"), name) for office, name in names.items()]


def _words(language: Language) -> dict[str, str]:
    names = (
        "page",
        "number",
        "date",
        "account_name",
        "account",
        "fund_source",
        "debit",
        "credit",
        "total",
        "explanation",
        "attachments",
        "no_attachments",
    )
    return {name: word(name, language) for name in names} | {"hash": word("fingerprint", language)}
