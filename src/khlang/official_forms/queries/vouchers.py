"""Statements, vouchers and journals as they are printed; rows are read inside the entity's transaction."""

from uuid import UUID

from django.utils import timezone

from khlang.identity import queries as identity
from khlang.journal_vouchers import queries as vouchers
from khlang.journal_vouchers.rules import Act, VoucherView, read_content
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.statements import Statement
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalView
from khlang.official_forms.printing import statement_pdf, voucher_pdf
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.voucher_form import OneHand, VoucherLine, VoucherPaper


def printed_statement(*, statement: Statement, printing: Printing) -> bytes:
    """A statement in official layout, as PDF/A-3 with its data attached."""
    return statement_pdf(statement=statement, printing=printing)


def printed_voucher(*, voucher: VoucherPaper, printing: Printing) -> bytes:
    """A posting voucher as PDF/A-3 with its data attached."""
    return voucher_pdf(voucher=voucher, printing=printing)


def journal_paper(*, actor: Actor, fiscal_year: int, sequence_no: int) -> VoucherPaper:
    """A posted journal as a voucher, with the files of the voucher behind it.

    Refused: official_forms.journal_unknown {fiscal_year, sequence_no}.
    """
    found = ledger.journal(fiscal_year=fiscal_year, sequence_no=sequence_no)
    if found is None:
        facts = {"fiscal_year": fiscal_year, "sequence_no": sequence_no}
        raise Refused(Refusal("official_forms.journal_unknown", facts))
    behind = vouchers.voucher_of_journal(fiscal_year=fiscal_year, sequence_no=sequence_no)
    return VoucherPaper(
        entity_name=actor.entity_name,
        kind=found.kind,
        day=found.date,
        description=found.description,
        lines=tuple(
            VoucherLine(
                account=line.account,
                account_name=line.account_name,
                fund_source=line.fund_source,
                debit=line.debit,
                credit=line.credit,
                description="" if line.description == found.description else line.description,
            )
            for line in found.lines
        ),
        label=found.label,
        attachments=_files(behind),
        sequence_no=found.sequence_no,
        posted_at=timezone.localtime(found.posted_at),
        prepared_by=_who(behind, Act.CREATE, Act.COPY) or found.posted_by_name,
        posted_by=found.posted_by_name,
        reverses=_label(found.reverses),
        reversed_by=_label(found.reversed_by),
        one_hand=_one_hand(behind),
    )


def voucher_paper(*, actor: Actor, voucher_id: UUID) -> VoucherPaper:
    """A voucher as it stands: the posted journal when there is one, else a draft with what can be read so far.

    Refused: official_forms.voucher_unknown {voucher}.
    """
    found = vouchers.voucher(voucher_id=voucher_id)
    if found is None:
        raise Refused(Refusal("official_forms.voucher_unknown", {"voucher": str(voucher_id)}))
    if found.row.journal is not None:
        fiscal_year, sequence_no = found.row.journal
        return journal_paper(actor=actor, fiscal_year=fiscal_year, sequence_no=sequence_no)
    today = timezone.localdate()
    reading = read_content(found.content, today=today)
    names = {view.account: view.name_th for view in ledger.accounts()}
    return VoucherPaper(
        entity_name=actor.entity_name,
        kind=found.content.kind,
        day=reading.day or today,
        description=found.content.description.strip(),
        lines=tuple(
            VoucherLine(
                account=line.account,
                account_name=names.get(line.account, ""),
                fund_source=line.fund_source,
                debit=line.debit,
                credit=line.credit,
                description=line.description,
            )
            for line in reading.lines
        ),
        attachments=_files(found),
        prepared_by=found.row.made_by_name,
    )


def _files(voucher: VoucherView | None) -> tuple[str, ...]:
    return tuple(attachment.name for attachment in voucher.attachments) if voucher else ()


def _one_hand(voucher: VoucherView | None) -> OneHand | None:
    if voucher is None:
        return None
    uses = identity.exception_uses(document=f"voucher:{voucher.row.voucher_id}")
    return OneHand(uses[0].order_number, uses[0].ordered_on, uses[0].reviewer_name) if uses else None


def _who(voucher: VoucherView | None, *acts: Act) -> str:
    if voucher is None:
        return ""
    return next((event.actor_name for event in voucher.events if event.act in acts), "")


def _label(place: tuple[int, int] | None) -> str:
    if place is None:
        return ""
    other: JournalView | None = ledger.journal(fiscal_year=place[0], sequence_no=place[1])
    return other.label if other else ""
