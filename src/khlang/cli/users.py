"""`khlang users`: people who log in, and what they are in which entity."""

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.identity import commands, queries
from khlang.identity.rules import GRANTABLE_ROLES, Role
from khlang.kernel.refusals import Refusal, Refused

username_option = click.option("--username", required=True, help=_("The name she logs in with."))
entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
role_option = click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role if role in GRANTABLE_ROLES]),
    help=_("What she is there."),
)


@click.group(help=_("People and their roles."))
def users() -> None:
    """Hold the subcommands."""


@users.command(help=_("Add a person. The password is asked for, or read from KHLANG_PASSWORD."))
@username_option
@click.option("--name", "full_name", required=True, help=_("First name and family name."))
@click.password_option("--password", envvar="KHLANG_PASSWORD", help=_("At least ten characters."))
@json_option
def add(*, username: str, full_name: str, password: str, as_json: bool) -> None:
    """Make a person who may log in."""
    user_id = commands.add_user(username=username, full_name=full_name, password=password)
    answer({"user_id": user_id, "username": username}, _("Added: %(name)s") % {"name": username}, as_json=as_json)


@users.command(help=_("Give a person a role in an entity."))
@username_option
@entity_option
@role_option
@json_option
def grant(*, username: str, entity_code: str, role: str, as_json: bool) -> None:
    """Give."""
    commands.grant_role(
        actor=queries.operator(entity_code=entity_code), user_id=_number(username), role=role, at=timezone.now()
    )
    value = {"username": username, "entity": entity_code, "role": role}
    answer(value, _("%(username)s is now %(role)s in %(entity)s") % value, as_json=as_json)


@users.command(help=_("Take a role back."))
@username_option
@entity_option
@role_option
@json_option
def revoke(*, username: str, entity_code: str, role: str, as_json: bool) -> None:
    """Take back."""
    commands.end_role(
        actor=queries.operator(entity_code=entity_code), user_id=_number(username), role=role, at=timezone.now()
    )
    value = {"username": username, "entity": entity_code, "role": role}
    answer(value, _("%(username)s is no longer %(role)s in %(entity)s") % value, as_json=as_json)


def _number(username: str) -> int:
    user = queries.user_named(username=username)
    if user is None:
        raise Refused(Refusal("identity.username_unknown", {"username": username}, "username"))
    return int(user.pk)
