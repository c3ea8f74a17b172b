"""`khlang accounts`: the accounts an entity may post on."""

import click
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.identity import queries as identity
from khlang.ledger import commands, queries
from khlang.toolkit.tenancy import entity_transaction

entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))


@click.group(help=_("The chart of accounts, with the entity's own sub-accounts."))
def accounts() -> None:
    """Hold the subcommands."""


@accounts.command("list", help=_("List the accounts of a fiscal year; without a year, of both charts."))
@entity_option
@click.option("--year", "fiscal_year", type=int, help=_("Fiscal year, Buddhist era."))
@click.option("--search", default="", help=_("Part of a code or a name."))
@click.option("--postable", is_flag=True, help=_("Only accounts on which journals may be posted."))
@json_option
def list_accounts(*, entity_code: str, fiscal_year: int | None, search: str, postable: bool, as_json: bool) -> None:
    """Show what `queries.accounts` finds."""
    actor = identity.operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        found = queries.accounts(fiscal_year=fiscal_year, search=search, postable_only=postable)
    rows = [
        {
            "account": each.account,
            "name": each.name_th,
            "name_en": each.name_en,
            "kind": each.kind,
            "normal_side": each.normal_side,
            "chart": each.chart,
            "postable": each.is_postable,
            "open": each.is_open,
            "cash": each.is_cash,
        }
        for each in found
    ]
    text = "\n".join(f"{row['account']}\t{row['name']}" for row in rows)
    answer({"entity": entity_code, "accounts": rows}, text, as_json=as_json)


@accounts.command("add", help=_("Add a sub-account (a bank account, a fund) under a national account, or rename it."))
@entity_option
@click.option("--account", required=True, help=_("Code of the national account."))
@click.option("--sub-account", required=True, help=_("Two to four digits."))
@click.option("--name", required=True, help=_("The name that reports print."))
@json_option
def add_account(*, entity_code: str, account: str, sub_account: str, name: str, as_json: bool) -> None:
    """Add or rename."""
    actor = identity.operator(entity_code=entity_code)
    added = commands.add_sub_account(actor=actor, account=account, sub_account=sub_account, name_th=name)
    full = f"{account}-{sub_account}"
    text = _("Added: %(account)s") if added else _("Renamed: %(account)s")
    answer({"account": full, "added": added}, text % {"account": full}, as_json=as_json)
