"""Reads about entities and people; all return frozen values."""

from khlang.identity.queries.actors import (
    actor,
    actor_in,
    authorities_of,
    entities_of,
    exception_covering,
    exception_uses,
    operator,
    people_who_may,
    separations,
    user_by_pid_hash,
    user_named,
)
from khlang.identity.queries.entities import entities, entity, entity_counts, entity_page, known_entity
from khlang.identity.queries.hindrances import (
    close_acts_when,
    closed_to_all,
    hands_of,
    hindrances,
    separated,
    tell_hands_of,
)
from khlang.identity.queries.orders import all_orders, order, order_facts, order_numbered, orders
from khlang.identity.queries.people import (
    FormerName,
    all_people,
    former_names,
    home_of,
    names_of,
    people,
    person,
    staff_of,
)
from khlang.identity.queries.people_files import people_file_view, people_files, verdicts_of, without_password
from khlang.identity.queries.provinces import provinces
from khlang.identity.queries.reviews import review, review_due, reviews, tasks
from khlang.identity.queries.visits import visit_of, visits, visits_by

__all__ = [
    "FormerName",
    "actor",
    "actor_in",
    "all_orders",
    "all_people",
    "authorities_of",
    "close_acts_when",
    "closed_to_all",
    "entities",
    "entities_of",
    "entity",
    "entity_counts",
    "entity_page",
    "exception_covering",
    "exception_uses",
    "former_names",
    "hands_of",
    "hindrances",
    "home_of",
    "known_entity",
    "names_of",
    "operator",
    "order",
    "order_facts",
    "order_numbered",
    "orders",
    "people",
    "people_file_view",
    "people_files",
    "people_who_may",
    "person",
    "provinces",
    "review",
    "review_due",
    "reviews",
    "separated",
    "separations",
    "staff_of",
    "tasks",
    "tell_hands_of",
    "user_by_pid_hash",
    "user_named",
    "verdicts_of",
    "visit_of",
    "visits",
    "visits_by",
    "without_password",
]
