"""What posting would do, without doing it."""

from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from khlang.identity.permissions import require
from khlang.journal_vouchers.rules import VoucherContent, VoucherPreview, check_content, effects_of, read_content
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import Refused
from khlang.ledger import commands as ledger
from khlang.ledger import queries as ledger_queries
from khlang.toolkit.tenancy import entity_transaction


def preview_voucher(*, actor: Actor, voucher_id: UUID, content: VoucherContent, at: datetime) -> VoucherPreview:
    """The number this content would get now, and each balance before and after. Refuses what posting would refuse."""
    require(actor, "journal_vouchers.read")
    today = localdate(at)
    with entity_transaction(actor.entity_id):
        reading = read_content(content, today=today)
        year = fiscal_year_of(reading.day or today)
        named = {line.account for line in reading.lines}
        facts = ledger_queries.facts(fiscal_years=[year], only_accounts=named)
        journal, refusals = check_content(content, facts, voucher_id=voucher_id, today=today)
        if journal is None:
            raise Refused(*refusals)
        balances = ledger_queries.balances(fiscal_year=journal.year)
        posted = ledger.preview_journal(actor=actor, journal=journal)
    names = {line.account: facts.accounts[line.account].name_th for line in journal.lines}
    effects = effects_of(lines=journal.lines, balances=balances, names=names)
    return VoucherPreview(posted, effects, journal.debit, journal.credit)
