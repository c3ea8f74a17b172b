"""The ground of every act upon people: one at a time in an entity, and only upon those on its list."""

from khlang.identity.models import Entity, Staff, User
from khlang.identity.queries import home_of
from khlang.identity.rules import PersonView, Role
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise


def lock_people(entity_id: int) -> None:
    """Let one change of people or orders follow another in an entity; reading goes on, and so does the ledger."""
    Entity.objects.select_for_update(no_key=True).filter(pk=entity_id).values_list("pk").first()


def required_staff(actor: Actor, user_id: int) -> Staff:
    """The person on the list of the actor's entity. Refuses identity.person_unknown, also for the people of others."""
    row = Staff.objects.filter(entity_id=actor.entity_id, user_id=user_id).first()
    if row is None:
        raise Refused(Refusal("identity.person_unknown"))
    return row


def required_here(actor: Actor, user_id: int) -> Staff:
    """The same for somebody who has not left. Refuses identity.person_left {name} besides."""
    row = required_staff(actor, user_id)
    if row.left_at is not None:
        raise Refused(Refusal("identity.person_left", {"name": User.objects.get(pk=user_id).full_name}))
    return row


def required_ours(actor: Actor, user_id: int) -> User:
    """Somebody of the list whose account this entity keeps.

    Refuses identity.home_elsewhere {name, entity}: her name, citizen number and password are changed there.
    """
    required_here(actor, user_id)
    user = User.objects.select_for_update().get(pk=user_id)
    if user.home_entity_id != actor.entity_id:
        facts = {"name": user.full_name, "entity": home_of(user_id=user_id) or "-"}
        raise Refused(Refusal("identity.home_elsewhere", facts))
    return user


def required_reason(actor: Actor, reason: str) -> str:
    """The reason in one spelling. Refuses identity.reason_missing; the command line of the server may go without."""
    said = normalise(reason)[:500]
    if not said and Role.OPERATOR not in actor.roles:
        raise Refused(Refusal("identity.reason_missing", where="reason"))
    return said


def colleagues(actor: Actor, *, besides: int = 0) -> list[PersonView]:
    """Everybody on the list now, for telling people of one name apart."""
    found = Staff.objects.filter(entity_id=actor.entity_id, left_at__isnull=True).exclude(user_id=besides)
    titles = dict(found.values_list("user_id", "title"))
    named = User.objects.filter(pk__in=titles).values_list("pk", "full_name")
    return [PersonView(number, name, titles[number]) for number, name in named]
