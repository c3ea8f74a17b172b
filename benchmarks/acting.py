"""What permission and the record of acts cost a request: each alone, beside an empty transaction of the entity.

acting.py --count 2000
"""

import argparse
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import ground

ORDERS = 20


def an_office(entity_code: str, entity_id: int) -> int:
    """An entity of 40 people with roles and a few years of orders; the number of one who holds a role and an order."""
    from khlang.identity.commands import add_user, grant_role
    from khlang.identity.queries import operator

    actor, at = operator(entity_code=entity_code), datetime.now(UTC) - timedelta(days=1)
    people = []
    for number in range(40):
        name = f"bench-{uuid.uuid4().hex[:12]}"
        people.append(add_user(username=name, full_name=f"Bench {number}", password=f"a long pass phrase {name}"))
        grant_role(actor=actor, user_id=people[-1], role="finance_officer", at=at)
    orders(entity_id, people[0])
    return people[0]


def orders(entity_id: int, user_id: int) -> None:
    """Orders long over, and one that holds."""
    from khlang.identity.models import Order, OrderLine
    from khlang.toolkit.tenancy import entity_transaction

    with entity_transaction(entity_id):
        for number in range(ORDERS):
            order_id, begun = uuid.uuid4(), date(2024, 1, 1) + timedelta(days=30 * number)
            Order.objects.create(
                entity_id=entity_id,
                order_id=order_id,
                number=f"{order_id.hex[:8]}/2567",
                ordered_on=begun,
                kind="acting",
                subject="Acting",
                signed_by="B",
                signed_as="B",
                recorded_by=0,
                recorded_at=datetime.now(UTC),
            )
            OrderLine.objects.create(
                entity_id=entity_id,
                order_id=order_id,
                line_no=1,
                user_id=user_id,
                hat="head_of_treasury",
                starts_on=begun,
                ends_on=None if number == 0 else begun + timedelta(days=29),
            )


def calls(entity_id: int, code: str, user_id: int) -> dict[str, Callable[[], object]]:
    from khlang.audit.commands import record
    from khlang.identity import queries
    from khlang.identity.permissions import require
    from khlang.toolkit.tenancy import entity_transaction

    def actor():
        return queries.actor(user_id=user_id, user_name="Bench", entity_code=code, at=datetime.now(UTC))

    someone = actor()

    def empty() -> None:
        with entity_transaction(entity_id, read_only=True):
            pass

    def recorded() -> None:
        with entity_transaction(entity_id):
            record(actor=someone, act="bench.act", document="paper:1", facts={"amount": "10.00"})

    return {
        "empty transaction": empty,
        "who acts, on which authority": actor,
        "permission table": lambda: require(someone, "journal_vouchers.post"),
        "one act recorded": recorded,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    asked = parser.parse_args()
    [entity_id] = ground.prepare(1)
    code = ground.entity_code(0)
    made = calls(entity_id, code, an_office(code, entity_id))
    found = {}
    for name, call in made.items():
        ground.timed([call] * 50)
        found[name] = ground.timed([call] * asked.count)
    ground.say(found)


if __name__ == "__main__":
    main()
