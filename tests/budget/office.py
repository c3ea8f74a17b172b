"""Something of every budget document of one office, for the attacks of isolation."""

import tempfile
import uuid
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from khlang.budget import commands, queries
from khlang.budget.rules import CarryKind, ChangeDraft, ChangeKind, CommitmentDraft, DraftLineView, PartDraft
from khlang.budget.rules.draft_sheet import CODED, KEYS
from khlang.budget.writers import DraftSheet, draft_workbook
from khlang.kernel.actors import Actor
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.grant_makers import an_open_grant
from tests.budget.makers import AT, ROAD, SUPPLIES, YEAR, a_document, a_move, line, use
from tests.budget.old_workbooks import OldLine, write


def a_draft_workbook(lines: Sequence[DraftLineView]) -> bytes:
    """Some lines of a draft as a workbook."""
    headings, codes = {key: key for key in KEYS}, dict.fromkeys(CODED, ())
    return draft_workbook(DraftSheet(lines, headings, codes, ("Lines", "Codes", "Guide"), ()))


def a_full_budget(*, actor: Actor, member: Actor, secret: str) -> dict[str, Any]:
    """An ordinance in force, money held, a transfer on its way, a plan, a commitment, a carry-over, a draft; what was made, by name."""
    makers.a_house(actor=actor)
    commands.set_division(actor=actor, division="01", name_th=secret)
    commands.set_division_member(actor=actor, division="01", user_id=member.user_id, is_member=True, at=AT)
    lines = makers.in_force(line("1000.00"), line("500.00", budget_type=ROAD, item=secret), actor=actor)
    paper = a_document(label=secret)
    use(actor, a_move(lines[SUPPLIES], "request", "40.00"), document=paper)
    change_id, carry_id, road = uuid.uuid4(), uuid.uuid4(), lines[secret]
    parts = (PartDraft("from", baht("1.00"), lines[SUPPLIES]), PartDraft("to", baht("1.00"), road))
    draft = ChangeDraft(ChangeKind.TRANSFER, YEAR, secret, parts)
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)
    moved_id = _moved(actor, lines[SUPPLIES], road)
    plan = {"fiscal_year": YEAR, "line_id": road, "at": AT}
    commands.save_plan(actor=actor, shares={1: baht("10.00")}, **plan)
    years = {2569: baht("1.00"), 2570: baht("1.00")}
    promise = CommitmentDraft(secret, secret, "1", date(2025, 9, 1), years)
    commands.record_commitment(actor=actor, commitment_id=uuid.uuid4(), draft=promise, **plan)
    carried = {"kind": CarryKind.UNOBLIGATED_INVESTMENT, "amount": baht("1.00"), "from_hold_id": None, "reason": secret}
    commands.propose_carry(actor=actor, carry_id=carry_id, **carried, **plan)
    moving_id = uuid.uuid4()
    with tempfile.TemporaryDirectory() as folder:
        old = write(Path(folder) / "b.xlsx", [OldLine("9969011133010001", 100, item=secret)]).read_bytes()
    commands.keep_workbook(actor=actor, moving_id=moving_id, file_name=f"{secret}.xlsx", chunks=[old], at=AT)
    draft_id = makers.a_draft(line("5.00", budget_type=ROAD, item=secret), actor=actor, year=YEAR + 1)
    with entity_transaction(actor.entity_id):
        (drafted,) = queries.draft_lines(ordinance_id=draft_id)
    upload_id = uuid.uuid4()
    kept = {"actor": actor, "ordinance_id": draft_id, "upload_id": upload_id}
    commands.keep_draft_workbook(**kept, name="draft.xlsx", content=a_draft_workbook([drafted]))
    return {
        "line_id": road,
        "change_id": change_id,
        "moved_id": moved_id,
        "carry_id": carry_id,
        "document_id": paper.id,
        "moving_id": moving_id,
        "ordinance_id": draft_id,
        "draft_line_id": drafted.id,
        "upload_id": upload_id,
        **_a_grant(actor, secret),
    }


def _a_grant(actor: Actor, secret: str) -> dict[str, Any]:
    """A grant outside the ordinance, of which some came."""
    grant_id, _ = an_open_grant(actor, title=secret, received="40.00")
    return {"grant_id": grant_id}


def _moved(actor: Actor, giving: uuid.UUID, taking: uuid.UUID) -> uuid.UUID:
    """A transfer that was approved."""
    change_id, parts = uuid.uuid4(), (PartDraft("from", baht("2.00"), giving), PartDraft("to", baht("2.00"), taking))
    draft = ChangeDraft(ChangeKind.TRANSFER, YEAR, "Needed", parts)
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)
    commands.submit_change(actor=actor, change_id=change_id, at=AT)
    commands.approve_change(
        actor=actor, change_id=change_id, approved_on=makers.DAY, idempotency_key=uuid.uuid4(), at=AT
    )
    return change_id
