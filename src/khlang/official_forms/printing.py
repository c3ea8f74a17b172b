"""The typesetter: a form's data and a template in, a PDF/A-3 with its data attached out."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from khlang.kernel.statements import Statement
from khlang.official_forms.rules.change_form import ChangePaper, change_document, change_form
from khlang.official_forms.rules.order_form import OrderPaper, order_document, order_form
from khlang.official_forms.rules.ordinance_form import ordinance_form
from khlang.official_forms.rules.ordinance_paper import OrdinancePaper, ordinance_document
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.statement_form import statement_form
from khlang.official_forms.rules.voucher_form import VoucherPaper, voucher_document, voucher_form
from khlang.reporting.rules.exports import document, fingerprint

_HERE: Final = Path(__file__).resolve().parent
TEMPLATES: Final = _HERE / "templates"
FONTS: Final = _HERE / "fonts"
STANDARD: Final = "a-3b"
_locks: Final[Mapping[str, Lock]] = {path.name: Lock() for path in TEMPLATES.glob("*.typ")}
"""One form of a kind at a time: a volume of three thousand lines keeps no voucher waiting."""


@cache
def _typesetter(template: str) -> typst.Compiler:
    """One typesetter a template, kept: it has read the fonts and remembers what it laid out before."""
    return typst.Compiler(
        input=str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )


def typeset(*, template: str, form: Mapping[str, object], data: Mapping[str, object]) -> bytes:
    """Set one form and attach its data, so that no machine ever reads the printed text."""
    inputs = {"form": json.dumps(form, ensure_ascii=False), "data": json.dumps(data, ensure_ascii=False)}
    with _locks[template]:
        made = _typesetter(template).compile(
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=[STANDARD],
            # Structure for screen readers; on a book of thousands of lines it would be twenty times the text.
            pdf_tags=bool(form["tagged"]),
        )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave pages instead of one document")
    return made


def statement_pdf(*, statement: Statement, printing: Printing) -> bytes:
    """A statement or register in official layout."""
    form = statement_form(statement=statement, printing=printing, fingerprint=fingerprint(statement=statement))
    return typeset(template="statement.typ", form=form, data=document(statement=statement))


def voucher_pdf(*, voucher: VoucherPaper, printing: Printing) -> bytes:
    """A general journal voucher."""
    form = voucher_form(voucher=voucher, printing=printing)
    return typeset(template="voucher.typ", form=form, data=voucher_document(voucher))


def order_pdf(*, order: OrderPaper, printing: Printing) -> bytes:
    """A written order."""
    return typeset(template="order.typ", form=order_form(order=order, printing=printing), data=order_document(order))


def ordinance_pdf(*, paper: OrdinancePaper, document: str, printing: Printing) -> bytes:
    """A budget ordinance: the whole volume, or one part."""
    form = ordinance_form(paper=paper, document=document, printing=printing)
    return typeset(template="ordinance.typ", form=form, data=ordinance_document(paper))


def change_pdf(*, paper: ChangePaper, printing: Printing, announced: bool) -> bytes:
    """A transfer or a change of explanation, or its announcement with the table."""
    form = change_form(paper=paper, printing=printing, announced=announced)
    return typeset(template="change.typ", form=form, data=change_document(paper))
