"""Open years, close and reopen periods, carry balances into the next year."""

from khlang.audit import commands as audit
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.identity.rules import KEEPS_BOOKS
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import postings, queries
from khlang.ledger.commands.posting import post_journal
from khlang.ledger.rules import PeriodState, PostedJournal
from khlang.reference import queries as reference
from khlang.reference.rules import chart_of_year
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

# Where a year's revenue less expense goes when it is carried over, by chart.
SURPLUS_ACCOUNT = {"national-2564": "3102010101", "elaas-2546": "700"}


def open_fiscal_year(*, actor: Actor, fiscal_year: int) -> bool:
    """Open a fiscal year (B.E.) with its 14 periods; False when it was open already (R3).

    Refuses identity.keeps_no_books for a department or a province.
    """
    require(actor, "ledger.manage_accounts")
    if identity.entity(code=actor.entity_code).level not in KEEPS_BOOKS:
        raise Refused(Refusal("identity.keeps_no_books", {"entity": actor.entity_name}))
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        chart = chart_of_year(fiscal_year)
        made = bool(
            sql.scalar("SELECT ledger_open_fiscal_year(%s, %s, %s)", (actor.entity_id, fiscal_year, chart)),
        )
        if made:
            audit.record(actor=actor, act="ledger.open_fiscal_year", document=f"year:{fiscal_year}")
        return made


def change_period(*, actor: Actor, fiscal_year: int, period: int, state: PeriodState, reason: str = "") -> None:
    """Move a period: open → soft_closed → closed (R268). In an office two hands open it again: see `ask_reopening` (R331).

    The operator of the server opens it alone, with a reason, and the record names him.
    Refuses ledger.reopening_needs_two_hands, .period_closed_for_good, .period_not_soft_closed, .earlier_period_open, .batch_running, .reason_missing.
    """
    require(actor, "ledger.reopen_period" if state is PeriodState.OPEN else "ledger.manage_periods")
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        before = sql.scalar(
            "SELECT ledger_change_period(%s, %s, %s, %s, %s, %s, %s)",
            (actor.entity_id, fiscal_year, period, str(state), reason.strip(), actor.user_id, actor.name),
        )
        if before != state:
            facts = {"before": before, "after": str(state), "reason": reason.strip()}
            audit.record(
                actor=actor,
                act="ledger.change_period",
                document=f"period:{fiscal_year}:{period}",
                facts=facts,
            )


def carry_forward(*, actor: Actor, fiscal_year: int, description: str) -> PostedJournal | None:
    """Post the opening journal of `fiscal_year` (B.E.) from the balances of the year before; None when there are none.

    Refuses ledger.already_carried when the year has an opening journal (R269, R284).
    """
    with entity_transaction(actor.entity_id):
        if queries.has_opening(fiscal_year=fiscal_year):
            raise Refused(Refusal("ledger.already_carried", {"fiscal_year": fiscal_year}))
        draft = postings.opening_of_next_year(
            entity_id=actor.entity_id,
            fiscal_year=fiscal_year,
            attempt=queries.openings(fiscal_year=fiscal_year),
            balances=queries.balances(fiscal_year=fiscal_year - 1),
            kinds=queries.account_kinds(),
            surplus_account=SURPLUS_ACCOUNT[chart_of_year(fiscal_year - 1)],
            description=description,
            successors=_successors(fiscal_year),
        )
        return post_journal(actor=actor, journal=draft) if draft else None


def _successors(fiscal_year: int) -> dict[str, str]:
    """Old account → today's, in the one year in which the chart changes."""
    before = chart_of_year(fiscal_year - 1)
    if before == chart_of_year(fiscal_year):
        return {}
    return {old.code: old.mapped_code for old in reference.accounts(chart=before) if old.mapped_code}
