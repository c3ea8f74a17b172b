"""The provisional budget: last year's used for the time being (R89)."""

from datetime import datetime
from uuid import UUID, uuid5

from khlang.budget import queries
from khlang.budget.commands.draft_lines import LineSave, save_lines
from khlang.budget.commands.drafting import open_ordinance
from khlang.budget.commands.ordinances import bring_into_force
from khlang.budget.rules import LineDraft, Moved, OrdinanceKind, check_line
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, year_start
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction


def use_last_year_for_now(
    *, actor: Actor, ordinance_id: UUID, fiscal_year: int, idempotency_key: UUID, at: datetime
) -> Moved:
    """Let last year's budget hold for the time being, when the new one is not in force on its first day (R89).

    Recurrent lines only, no projects and no investment: what is committed goes on by its carry-over. Replaced by the
    annual ordinance when that comes into force. Refuses budget.nothing_to_copy {fiscal_year}, budget.ordinance_exists.
    """
    require(actor, "budget.bring_into_force")
    with entity_transaction(actor.entity_id):
        if queries.ordinance(ordinance_id=ordinance_id) is None:
            _draft_of_last_year(actor, ordinance_id, fiscal_year, at)
        today = at.astimezone(THAI_TIME).date()
        return bring_into_force(
            actor=actor,
            ordinance_id=ordinance_id,
            effective_on=max(today, year_start(fiscal_year)),
            idempotency_key=idempotency_key,
            at=at,
        )


def _draft_of_last_year(actor: Actor, ordinance_id: UUID, fiscal_year: int, at: datetime) -> None:
    before = queries.ordinance_lines(fiscal_year=fiscal_year - 1).values()
    facts = queries.line_facts(fiscal_year=fiscal_year)
    saves = []
    for each in before:
        draft = LineDraft(each.line.identity, each.balance.appropriation)
        treated = facts.treatment(budget_type=each.line.identity.budget_type, is_project=each.line.is_project)
        goes_on = treated is not None and not treated.is_investment and not each.line.is_project
        if goes_on and draft.amount and not tuple(check_line(draft, facts)):
            saves.append(LineSave(uuid5(ordinance_id, str(each.line.line_id)), 0, draft))
    if not saves:
        raise Refused(Refusal("budget.nothing_to_copy", {"fiscal_year": fiscal_year - 1}))
    open_ordinance(
        actor=actor, ordinance_id=ordinance_id, kind=OrdinanceKind.PROVISIONAL, fiscal_year=fiscal_year, at=at
    )
    save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=at)
