"""The only writes about entities and people."""

from khlang.identity.commands.entities import (
    COLUMNS,
    FILE_BYTES_MAX,
    EntityDraft,
    ImportCount,
    add_entity,
    import_entities,
    keep_entity,
    take_entities,
)
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
    set_citizen_number,
    set_pid_hash,
)
from khlang.identity.commands.people_files import (
    FirstPassword,
    Taken,
    give_first_passwords,
    send_people_file,
    take_people_file,
)
from khlang.identity.commands.people_reviews import sign_review
from khlang.identity.commands.provinces import end_province_role, grant_province_role
from khlang.identity.commands.reviews import review_exception
from khlang.identity.commands.roles import end_role, grant_role
from khlang.identity.commands.separation import separate
from khlang.identity.commands.visits import begin_visit, end_visit

__all__ = [
    "COLUMNS",
    "FILE_BYTES_MAX",
    "PASSWORD_CHARACTERS_MIN",
    "AddedPerson",
    "EntityDraft",
    "FirstPassword",
    "ImportCount",
    "Taken",
    "add_entity",
    "add_person",
    "add_user",
    "begin_visit",
    "change_contact",
    "check_password",
    "end_order",
    "end_province_role",
    "end_role",
    "end_visit",
    "give_first_passwords",
    "grant_province_role",
    "grant_role",
    "import_entities",
    "keep_entity",
    "leave",
    "load_reference_data",
    "one_time_password",
    "order_refusals",
    "record_order",
    "rename_person",
    "review_exception",
    "send_people_file",
    "separate",
    "set_citizen_number",
    "set_pid_hash",
    "sign_review",
    "take_entities",
    "take_people_file",
]
