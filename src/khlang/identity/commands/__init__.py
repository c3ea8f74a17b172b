"""The only writes about entities and people."""

from khlang.identity.commands.entities import EntityDraft, ImportCount, add_entity, import_entities
from khlang.identity.commands.national import load_reference_data
from khlang.identity.commands.orders import end_order, order_refusals, record_order
from khlang.identity.commands.people import (
    PASSWORD_CHARACTERS_MIN,
    AddedPerson,
    add_person,
    add_user,
    change_contact,
    check_password,
    leave,
    one_time_password,
    rename_person,
    set_pid_hash,
)
from khlang.identity.commands.people_reviews import sign_review
from khlang.identity.commands.reviews import review_exception
from khlang.identity.commands.roles import end_role, grant_role
from khlang.identity.commands.separation import separate
from khlang.identity.commands.visits import begin_visit, end_visit

__all__ = [
    "PASSWORD_CHARACTERS_MIN",
    "AddedPerson",
    "EntityDraft",
    "ImportCount",
    "add_entity",
    "add_person",
    "add_user",
    "begin_visit",
    "change_contact",
    "check_password",
    "end_order",
    "end_role",
    "end_visit",
    "grant_role",
    "import_entities",
    "leave",
    "load_reference_data",
    "one_time_password",
    "order_refusals",
    "record_order",
    "rename_person",
    "review_exception",
    "separate",
    "set_pid_hash",
    "sign_review",
]
