"""People for the tests of administration."""

import uuid
from datetime import UTC, datetime

from khlang.identity import commands
from khlang.identity.models import User
from khlang.identity.rules import EntityView, PersonDraft
from khlang.kernel.actors import Actor
from tests import builders


def now() -> datetime:
    return datetime.now(UTC)


def a_username() -> str:
    return f"u{uuid.uuid4().hex[:16]}"


def an_administrator(entity: EntityView | None = None) -> Actor:
    """Who keeps the list of an entity, proved anew."""
    return builders.a_person("local_administrator", entity=entity or builders.an_entity(), name="อนันต์ ตัวอย่าง")


def added(actor: Actor, *roles: str, name: str = "มาลี ศรีสุข", title: str = "", **more: str) -> commands.AddedPerson:
    """Somebody put on the list of the actor's entity."""
    title = title or f"เจ้าพนักงาน {uuid.uuid4().hex[:6]}"
    draft = PersonDraft(a_username(), name, title, roles=roles, **more)
    made = commands.add_person(actor=actor, draft=draft, key=uuid.uuid4(), at=now())
    # As if she had chosen a password of her own, so that pages let her in.
    User.objects.filter(pk=made.user_id).update(must_change_password=False)
    return made
