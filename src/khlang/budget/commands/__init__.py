"""The only writes of the budget. Each is one transaction; what is in force moves by one function of the database."""

from khlang.budget.commands.changes import (
    announce_change,
    approve_change,
    close_change,
    keep_change,
    preview_change,
    report_change,
    save_change,
    submit_change,
)
from khlang.budget.commands.divisions import set_division, set_division_member, set_enterprise
from khlang.budget.commands.draft_lines import LineRemoval, LineSave, remove_line, save_lines, write_lines
from khlang.budget.commands.draft_workbooks import (
    SheetPreview,
    import_draft_workbook,
    keep_draft_workbook,
    preview_draft_workbook,
)
from khlang.budget.commands.drafting import (
    CopyReport,
    copy_year,
    open_ordinance,
    save_estimates,
    write_texts,
)
from khlang.budget.commands.extensions import extend_carry, lapse_carry
from khlang.budget.commands.grant_money import extend_grant, record_money, return_left
from khlang.budget.commands.grants import cancel_grant, extension_limits, first_clock, open_grant, save_grant
from khlang.budget.commands.movements import Decision, use_budget
from khlang.budget.commands.moving_over import open_from_remaining, preview_remaining
from khlang.budget.commands.old_workbooks import (
    keep_workbook,
    name_divisions,
    open_from_workbook,
    read_workbook,
)
from khlang.budget.commands.ordinances import bring_into_force, take_step
from khlang.budget.commands.planning import (
    PlanSave,
    decide_carry,
    propose_carry,
    record_commitment,
    save_plan,
    save_plans,
)
from khlang.budget.commands.provisional import use_last_year_for_now

__all__ = [
    "CopyReport",
    "Decision",
    "LineRemoval",
    "LineSave",
    "PlanSave",
    "SheetPreview",
    "announce_change",
    "approve_change",
    "bring_into_force",
    "cancel_grant",
    "close_change",
    "copy_year",
    "decide_carry",
    "extend_carry",
    "extend_grant",
    "extension_limits",
    "first_clock",
    "import_draft_workbook",
    "keep_change",
    "keep_draft_workbook",
    "keep_workbook",
    "lapse_carry",
    "name_divisions",
    "open_from_remaining",
    "open_from_workbook",
    "open_grant",
    "open_ordinance",
    "preview_change",
    "preview_draft_workbook",
    "preview_remaining",
    "propose_carry",
    "read_workbook",
    "record_commitment",
    "record_money",
    "remove_line",
    "report_change",
    "return_left",
    "save_change",
    "save_estimates",
    "save_grant",
    "save_lines",
    "save_plan",
    "save_plans",
    "set_division",
    "set_division_member",
    "set_enterprise",
    "submit_change",
    "take_step",
    "use_budget",
    "use_last_year_for_now",
    "write_lines",
    "write_texts",
]
