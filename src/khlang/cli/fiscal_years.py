"""`khlang fiscal-years`: open a year, carry balances into it, close and reopen its periods."""

import click
from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.cli.answers import answer, json_option
from khlang.identity import queries as identity
from khlang.ledger import commands
from khlang.ledger.rules import PeriodState

entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
year_option = click.option("--year", "fiscal_year", required=True, type=int, help=_("Fiscal year, Buddhist era."))
period_option = click.option(
    "--period", required=True, type=click.IntRange(0, 13), help=_("1 is October, 12 September; 0 opening, 13 closing.")
)


@click.group("fiscal-years", help=_("Open fiscal years, carry balances forward, close and reopen periods."))
def fiscal_years() -> None:
    """Hold the subcommands."""


@fiscal_years.command("open", help=_("Open a fiscal year with its periods."))
@entity_option
@year_option
@json_option
def open_year(*, entity_code: str, fiscal_year: int, as_json: bool) -> None:
    """Open; again is harmless."""
    opened = commands.open_fiscal_year(actor=identity.operator(entity_code=entity_code), fiscal_year=fiscal_year)
    text = _("Fiscal year %(year)d is open.") if opened else _("Fiscal year %(year)d was open already.")
    answer({"fiscal_year": fiscal_year, "opened": opened}, text % {"year": fiscal_year}, as_json=as_json)


@fiscal_years.command("carry-forward", help=_("Bring the balances of the year before into this year."))
@entity_option
@year_option
@json_option
def carry_forward(*, entity_code: str, fiscal_year: int, as_json: bool) -> None:
    """Post the opening journal; what it says is in the books, so it is Thai in every language of the command line."""
    with override("th"):
        description = _("Balances brought forward from fiscal year %(year)d") % {"year": fiscal_year - 1}
    actor = identity.operator(entity_code=entity_code)
    posted = commands.carry_forward(actor=actor, fiscal_year=fiscal_year, description=description)
    label = posted.label if posted else None
    text = _("Balances brought forward: %(label)s") if posted else _("There are no balances to bring forward.")
    answer({"fiscal_year": fiscal_year, "journal": label}, text % {"label": label}, as_json=as_json)


@fiscal_years.command("close-period", help=_("Close a period for now, or for good with --for-good."))
@entity_option
@year_option
@period_option
@click.option("--for-good", is_flag=True, help=_("Close it for good: it never opens again."))
@json_option
def close_period(*, entity_code: str, fiscal_year: int, period: int, for_good: bool, as_json: bool) -> None:
    """Soft-close, or close for good."""
    state = PeriodState.CLOSED if for_good else PeriodState.SOFT_CLOSED
    _change(entity_code, fiscal_year, period, state, "", as_json=as_json)


@fiscal_years.command("reopen-period", help=_("Open a period that was closed for now; the reason is kept."))
@entity_option
@year_option
@period_option
@click.option("--reason", required=True, help=_("Why; the auditor will read it."))
@json_option
def reopen_period(*, entity_code: str, fiscal_year: int, period: int, reason: str, as_json: bool) -> None:
    """Open again."""
    _change(entity_code, fiscal_year, period, PeriodState.OPEN, reason, as_json=as_json)


def _change(entity_code: str, fiscal_year: int, period: int, state: PeriodState, reason: str, *, as_json: bool) -> None:
    commands.change_period(
        actor=identity.operator(entity_code=entity_code),
        fiscal_year=fiscal_year,
        period=period,
        state=state,
        reason=reason,
    )
    shown = {
        PeriodState.OPEN: _("Period %(period)d of %(year)d is open."),
        PeriodState.SOFT_CLOSED: _("Period %(period)d of %(year)d is closed for now."),
        PeriodState.CLOSED: _("Period %(period)d of %(year)d is closed for good."),
    }[state]
    value = {"fiscal_year": fiscal_year, "period": period, "state": str(state)}
    answer(value, shown % {"period": period, "year": fiscal_year}, as_json=as_json)
