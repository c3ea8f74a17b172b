"""`khlang users`: people who log in, and what they are in which entity."""

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.authentication import commands as doors
from khlang.authentication import queries as door_queries
from khlang.cli.answers import answer, json_option
from khlang.identity import commands, queries
from khlang.identity.permissions import MATRIX
from khlang.identity.rules import GRANTABLE_ROLES, PersonFilter, Role, chosen_people
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction

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


@users.command("reset-password", help=_("Make a one-time password, shown once. All sessions of the person end."))
@username_option
@entity_option
@json_option
def reset_password(*, username: str, entity_code: str, as_json: bool) -> None:
    """Reset."""
    password = doors.reset_password(
        actor=queries.operator(entity_code=entity_code), user_id=_number(username), at=timezone.now()
    )
    text = _("One-time password of %(name)s: %(password)s") % {"name": username, "password": password}
    answer({"username": username, "password": password}, text, as_json=as_json)


@users.command(help=_("Lift the pause after wrong passwords."))
@username_option
@entity_option
@json_option
def unlock(*, username: str, entity_code: str, as_json: bool) -> None:
    """Lift."""
    count = doors.unlock(actor=queries.operator(entity_code=entity_code), user_id=_number(username), at=timezone.now())
    answer(
        {"username": username, "forgiven": count}, _("%(name)s may try again.") % {"name": username}, as_json=as_json
    )


@users.command(help=_("List the sessions of a person; end them all with --end."))
@username_option
@click.option("--end", "end", is_flag=True, help=_("End them all and forget the devices."))
@json_option
def sessions(*, username: str, end: bool, as_json: bool) -> None:
    """List or end."""
    user_id, now = _number(username), timezone.now()
    found = door_queries.sessions(user_id=user_id, at=now)
    if end:
        doors.end_all_sessions(user_id=user_id, at=now)
    listed = [
        {
            "session": view.number,
            "device": view.device,
            "address": view.address,
            "since": view.created_at.isoformat(),
            "last_seen": view.last_seen_at.isoformat(),
            "proved_by": view.proved_by,
        }
        for view in found
    ]
    lines = [f"{each['last_seen']}  {each['address']:15}  {each['device']}  {each['proved_by']}" for each in listed]
    said = [_("No session.")] if not lines else [*lines, *([_("All of them were ended.")] if end else [])]
    answer({"username": username, "sessions": listed, "ended": end}, "\n".join(said), as_json=as_json)


@users.command(
    "lock-secrets-anew", help=_("Lock secrets of second factors with the newest key, after a key was added.")
)
@json_option
def lock_secrets_anew(*, as_json: bool) -> None:
    """Change the key."""
    count = doors.lock_anew()
    answer({"locked": count}, _("Locked anew: %(count)d") % {"count": count}, as_json=as_json)


@users.command("list", help=_("List the people of an entity with their roles and duties now."))
@entity_option
@click.option("--search", default="", help=_("Part of a name, title or user name."))
@json_option
def list_users(*, entity_code: str, search: str, as_json: bool) -> None:
    """Show."""
    actor = queries.operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        rows = chosen_people(queries.all_people(at=timezone.now()), PersonFilter(search=search))
    listed = [
        {
            "username": row.username,
            "name": row.name,
            "title": row.title,
            "hats": [{"hat": held.hat, "basis": held.basis, "order": held.order_number} for held in row.hats],
            "last_login": row.last_login.isoformat() if row.last_login else None,
        }
        for row in rows
    ]
    lines = [f"{row.username}\t{row.name}\t{row.title}\t{', '.join(sorted(row.worn))}" for row in rows]
    answer({"people": listed}, "\n".join(lines), as_json=as_json)


@users.command(help=_("Say why a person may or may not do an act, and who can."))
@username_option
@entity_option
@click.option("--act", required=True, type=click.Choice(sorted(MATRIX)))
@json_option
def why(*, username: str, entity_code: str, act: str, as_json: bool) -> None:
    """Explain."""
    operator, number, at = queries.operator(entity_code=entity_code), _number(username), timezone.now()
    with entity_transaction(operator.entity_id, read_only=True):
        held = queries.authorities_of(entity_id=operator.entity_id, user_id=number, at=at)
        can = queries.people_who_may(act=act, at=at)
    allowing = sorted({each.hat for each in held} & MATRIX[act].hats)
    value = {
        "username": username,
        "entity": entity_code,
        "act": act,
        "may": bool(allowing),
        "hats": [{"hat": each.hat, "basis": each.basis, "order": each.order_number} for each in held],
        "allowing": allowing,
        "needed": sorted(MATRIX[act].hats),
        "who_can": [{"name": each.name, "title": each.title} for each in can],
    }
    verdict = _("%(username)s may: %(hats)s") if allowing else _("%(username)s may not. Needed: %(hats)s")
    said = verdict % {"username": username, "hats": ", ".join(allowing or sorted(MATRIX[act].hats))}
    names = _("Who can now: %(names)s") % {"names": ", ".join(each.name for each in can) or "-"}
    answer(value, f"{said}\n{names}", as_json=as_json)


def _number(username: str) -> int:
    user = queries.user_named(username=username)
    if user is None:
        raise Refused(Refusal("identity.username_unknown", {"username": username}, "username"))
    return int(user.pk)
