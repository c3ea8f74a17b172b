"""Addresses of the budget, under /<entity code>/. A fiscal year is written in the Buddhist era."""

from django.urls import path

from khlang.budget.views import (
    board,
    carry_overs,
    change_editor,
    change_list,
    change_pages,
    commitments,
    divisions,
    grant_form,
    grants,
    moving_over,
)

app_name = "budget"
_YEAR = "budget/<int:fiscal_year>"
_GRANT = f"{_YEAR}/grants/<uuid:grant_id>"
_CHANGE = f"{_YEAR}/changes/<uuid:change_id>"
_CARRY = f"{_YEAR}/carry-overs/<uuid:carry_id>"
urlpatterns = [
    path("budget/", board.home, name="home"),
    path(f"{_YEAR}/", board.board, name="board"),
    path("budget/grants/", grants.grants_home, name="grants-home"),
    path(f"{_YEAR}/grants/", grants.grants, name="grants"),
    path(f"{_YEAR}/grants.xlsx", grants.grants_workbook, name="grants-workbook"),
    path(f"{_YEAR}/grants/new/", grant_form.new_grant, name="new-grant"),
    path(f"{_GRANT}/", grants.grant, name="grant"),
    path(f"{_GRANT}/edit/", grant_form.edit_grant, name="edit-grant"),
    path(f"{_GRANT}/open/", grants.open_grant, name="open-grant"),
    path(f"{_GRANT}/cancel/", grants.cancel_grant, name="cancel-grant"),
    path(f"{_GRANT}/money/", grants.grant_money, name="grant-money"),
    path(f"{_GRANT}/extend/", grants.extend_grant, name="extend-grant"),
    path(f"{_GRANT}/return/", grants.return_grant, name="return-grant"),
    path("budget/divisions/", divisions.divisions, name="divisions"),
    path("budget/divisions/add/", divisions.add_division, name="add-division"),
    path("budget/divisions/enterprises/", divisions.add_enterprise, name="add-enterprise"),
    path("budget/divisions/<slug:division>/", divisions.division, name="division"),
    path("budget/divisions/<slug:division>/save/", divisions.save_division, name="save-division"),
    path("budget/divisions/<slug:division>/members/", divisions.set_member, name="set-member"),
    path(f"{_YEAR}/changes/", change_list.changes, name="changes"),
    path(f"{_YEAR}/changes/changes.xlsx", change_list.changes_workbook, name="changes-workbook"),
    path(f"{_YEAR}/changes/new/", change_editor.new_change, name="new-change"),
    path(f"{_YEAR}/changes/lines/", change_editor.line_choices, name="line-choices"),
    path(f"{_CHANGE}/", change_pages.change, name="change"),
    path(f"{_CHANGE}/edit/", change_editor.edit_change, name="edit-change"),
    path(f"{_CHANGE}/draft/", change_editor.change_draft, name="change-draft"),
    path(f"{_CHANGE}/effect/", change_editor.change_effect, name="change-effect"),
    path(f"{_CHANGE}/approve/", change_pages.approve_change, name="approve-change"),
    path(f"{_CHANGE}/council/", change_pages.record_council, name="council-change"),
    path(f"{_CHANGE}/close/", change_pages.close_change, name="close-change"),
    path(f"{_CHANGE}/note/", change_pages.note_change, name="note-change"),
    path(f"{_YEAR}/commitments/", commitments.commitments, name="commitments"),
    path(f"{_YEAR}/commitments/record/", commitments.record_commitment, name="record-commitment"),
    path(f"{_YEAR}/carry-overs/", carry_overs.carry_overs, name="carry-overs"),
    path(f"{_YEAR}/carry-overs/propose/", carry_overs.propose_carry, name="propose-carry"),
    path(f"{_CARRY}/", carry_overs.carry_over, name="carry-over"),
    path(f"{_CARRY}/decide/", carry_overs.decide_carry, name="decide-carry"),
    path(f"{_CARRY}/council/", carry_overs.council_carry, name="council-carry"),
    path(f"{_CARRY}/lapse/", carry_overs.lapse_carry, name="lapse-carry"),
    path("budget/moving-over/", moving_over.moving_overs, name="moving-overs"),
    path("budget/moving-over/send/", moving_over.send_workbook, name="send-workbook"),
    path("budget/moving-over/<uuid:moving_id>/", moving_over.moving_over, name="moving-over"),
    path("budget/moving-over/<uuid:moving_id>/divisions/", moving_over.name_divisions, name="name-divisions"),
    path("budget/moving-over/<uuid:moving_id>/open/", moving_over.open_year, name="open-year"),
    path("budget/moving-over/<uuid:moving_id>/workbook/", moving_over.workbook_file, name="workbook-file"),
]
