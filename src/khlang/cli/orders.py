"""`khlang orders`: written orders of an entity (appointment, acting, delegation, exception)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.identity import commands, queries
from khlang.identity.rules import EXCEPTION_RULES, OrderDraft, OrderKind, OrderLineDraft, OrderView, Role, chosen_orders
from khlang.identity.rules import OrderFilter as Filter
from khlang.kernel.money import parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.toolkit.tenancy import entity_transaction

entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))


@click.group(help=_("Written orders: appointment, acting, delegation, exception."))
def orders() -> None:
    """Hold the subcommands."""


@orders.command("list", help=_("List the orders of an entity, newest first."))
@entity_option
@click.option("--state", type=click.Choice(["valid", "coming", "ended", "all"]), default="valid")
@click.option("--search", default="", help=_("Part of number, subject or a name."))
@json_option
def list_orders(*, entity_code: str, state: str, search: str, as_json: bool) -> None:
    """Show."""
    actor, today = queries.operator(entity_code=entity_code), timezone.localdate()
    with entity_transaction(actor.entity_id, read_only=True):
        found = chosen_orders(queries.all_orders(), Filter(search=search, state=state), day=today)
    listed = [_as_dict(each, today) for each in found]
    lines = [f"{each['number']}\t{each['date']}\t{each['kind']}\t{each['state']}\t{each['subject']}" for each in listed]
    answer({"orders": listed}, "\n".join(lines), as_json=as_json)


def _as_dict(order: OrderView, today: date) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "number": order.number,
        "date": order.ordered_on.isoformat(),
        "kind": order.kind,
        "subject": order.subject,
        "signed_by": order.signed_by,
        "signed_as": order.signed_as,
        "state": order.state(today),
        "lines": [
            {
                "line_no": line.line_no,
                "person": line.name,
                "gives": line.hat or line.rule,
                "acting_for": line.acting_for,
                "reviewer": line.reviewer_name,
                "from": line.starts_on.isoformat(),
                "to": line.last_day.isoformat() if line.last_day else None,
                "state": line.state(today),
            }
            for line in order.lines
        ],
    }


@orders.command(help=_("Record an order that names one person."))
@entity_option
@click.option("--number", required=True, help=_("As on the paper."))
@click.option("--date", "ordered_on", required=True, help=_("The day it was signed."))
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrderKind]))
@click.option("--subject", required=True)
@click.option("--signed-by", required=True, help=_("Name of the signer."))
@click.option("--signed-as", required=True, help=_("Position of the signer."))
@click.option("--signed-role", type=click.Choice([role.value for role in Role]), default=Role.EXECUTIVE.value)
@click.option("--giver", default="", help=_("User name of who delegates."))
@click.option("--username", required=True, help=_("User name of the person."))
@click.option("--gives", required=True, help=_("A role, a duty, or a rule from R327 to R333."))
@click.option("--acting-for", default="")
@click.option("--reviewer", default="", help=_("User name of the reviewer of an exception."))
@click.option("--limit", default="", help=_("Highest amount, in baht."))
@click.option("--from", "starts_on", required=True)
@click.option("--to", "ends_on", default="")
@click.option("--accept-warnings", is_flag=True)
@json_option
def add(*, entity_code: str, as_json: bool, accept_warnings: bool, **typed: str) -> None:
    """Record."""
    made = commands.record_order(
        actor=queries.operator(entity_code=entity_code),
        order_id=uuid4(),
        draft=_draft(typed),
        at=timezone.now(),
        accepts_warnings=accept_warnings,
    )
    answer(_as_dict(made, timezone.localdate()), _("Recorded: %(number)s") % {"number": made.number}, as_json=as_json)


def _draft(typed: dict[str, str]) -> OrderDraft:
    gives = typed["gives"]
    line = OrderLineDraft(
        user_id=_number(typed["username"]),
        starts_on=_day(typed["starts_on"]),
        ends_on=_day(typed["ends_on"]) if typed["ends_on"] else None,
        hat="" if gives in EXCEPTION_RULES else gives,
        rule=gives if gives in EXCEPTION_RULES else "",
        acting_for=typed["acting_for"],
        reviewer_id=_number(typed["reviewer"]) if typed["reviewer"] else None,
        amount_max=parse_amount(typed["limit"]) if typed["limit"] else None,
    )
    return OrderDraft(
        number=typed["number"],
        ordered_on=_day(typed["ordered_on"]),
        kind=typed["kind"],
        subject=typed["subject"],
        signed_by=typed["signed_by"],
        signed_as=typed["signed_as"],
        signed_role=typed["signed_role"],
        signed_by_id=_number(typed["giver"]) if typed["giver"] else None,
        lines=(line,),
    )


@orders.command(help=_("Take an order back early; the last day on which it holds is today unless another is named."))
@entity_option
@click.option("--number", required=True, help=_("As on the paper."))
@click.option("--reason", required=True)
@click.option("--last-day", default="")
@click.option("--line", "line_no", type=int, default=None, help=_("Only this line."))
@json_option
def end(*, entity_code: str, number: str, reason: str, last_day: str, line_no: int | None, as_json: bool) -> None:
    """Take back."""
    actor = queries.operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        found = queries.order_numbered(number=number)
    if found is None:
        raise Refused(Refusal("identity.order_unknown"))
    ended = commands.end_order(
        actor=actor,
        order_id=UUID(found.order_id),
        last_day=_day(last_day) if last_day else timezone.localdate(),
        reason=reason,
        at=timezone.now(),
        line_no=line_no,
    )
    answer(_as_dict(ended, timezone.localdate()), _("Taken back: %(number)s") % {"number": number}, as_json=as_json)


def _day(text: str) -> date:
    return parse_date(text, today=timezone.localdate()).day


def _number(username: str) -> int:
    user = queries.user_named(username=username)
    if user is None:
        raise Refused(Refusal("identity.username_unknown", {"username": username}, "username"))
    return int(user.pk)
