"""An office with something of everything in it, so that a leak would have something to show.

A new area adds one line to `a_full_office` that makes its documents through its commands, and names what it made.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from khlang.continuity import commands as imports
from khlang.identity import queries as identity
from khlang.identity.commands import send_people_file, sign_review
from khlang.identity.rules import GRANTABLE_ROLES, EntityView, Judgement
from khlang.journal_vouchers import commands as vouchers
from khlang.kernel.actors import Actor
from khlang.kernel.money import baht
from khlang.ledger import commands as ledger
from khlang.ledger.rules import Estimate, PeriodState
from khlang.toolkit.tenancy import entity_transaction
from tests.budget.office import a_full_budget
from tests.builders import (
    BANK,
    CASH,
    FUND,
    SAVINGS,
    TAX,
    YEAR,
    a_fiscal_year,
    a_person,
    a_posted_journal,
    an_actor,
    an_entity,
    an_exception,
    lines_of,
    sign_in,
)
from tests.continuity import files
from tests.journal_vouchers import makers
from tests.operations.makers import announced

AT = datetime(2024, 10, 3, 2, 30, tzinfo=UTC)


@dataclass(slots=True)
class Office:
    """One entity, its operator, a person of each role, and what was made there."""

    entity: EntityView
    operator: Actor
    people: dict[str, Actor]
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.entity.code

    @property
    def secret(self) -> str:
        """Words that stand in its books and nowhere else."""
        return f"Secret of {self.code}"


def a_full_office(*, roles: frozenset[str] = frozenset(GRANTABLE_ROLES)) -> Office:
    """Books of a year with journals, a reversal, sub-account, vouchers in every state, a file, an import, a closed month."""
    entity = an_entity()
    operator = a_fiscal_year(actor=an_actor(entity=entity))
    people = {
        str(role): a_person(role, entity=entity) for role in sorted(roles | {"finance_officer", "head_of_treasury"})
    }
    office = Office(entity, operator, people)
    # Somebody whom the tests may rename, give roles and let go.
    office.made["user_id"] = a_person("finance_officer", entity=entity).user_id
    _books(office)
    _vouchers(office)
    _imports(office)
    _two_hands(office)
    office.made["announcement"] = announced(audience="entity", audience_code=office.code, title_th=office.secret)
    office.made |= a_full_budget(actor=operator, member=people["finance_officer"], secret=office.secret)
    _people(office)
    return office


def an_office_above(role: str) -> Office:
    """The department or the province 12, an officer of this role there, and what such an office keeps: no books."""
    entity = identity.entity(code="P12" if role == "province_officer" else "DLA")
    officer, colleague = a_person(role, entity=entity), a_person(role, entity=entity, name="Dao Colleague")
    office = Office(entity, an_actor(entity=entity), {role: officer})
    number = an_exception(person=officer, reviewer=colleague)
    with entity_transaction(entity.entity_id):
        order = identity.order_numbered(number=number)
    office.made |= {"user_id": colleague.user_id, "order_id": order and order.order_id, "sequence_no": 1}
    office.made["announcement"] = announced(audience="entity", audience_code=entity.code, title_th=office.secret)
    # Every other document is nobody's: what these officers may not open is refused before it is looked for.
    office.made = defaultdict(uuid.uuid4, office.made)
    return office


def _people(office: Office) -> None:
    """A review of the list of users, and a list that waits to be taken."""
    with entity_transaction(office.entity.entity_id):
        rows = identity.all_people(at=datetime.now(UTC))
    judged = [Judgement(row.user_id, "keep") for row in rows]
    made = sign_review(actor=office.operator, review_id=uuid.uuid4(), judged=judged, at=datetime.now(UTC))
    office.made["review_id"] = made.review_id
    names = f"username,full_name\n{uuid.uuid4().hex[:12]},{office.secret}".encode()
    office.made["people_import_id"] = send_people_file(
        actor=office.operator, key=uuid.uuid4(), name="people.csv", content=names, at=datetime.now(UTC)
    )


def _imports(office: Office) -> None:
    officer, head = office.people["finance_officer"], office.people["head_of_treasury"]
    office.made["import_id"] = files.sent(officer, files.a_workbook(files.two_rows("A-1"))).id
    sent = files.sent(officer, files.a_workbook(files.two_rows("A-2", text=office.secret)))
    imports.post(actor=head, import_id=sent.id, at=files.AT)


def _two_hands(office: Office) -> None:
    """A request to open a period again, and a voucher that one person posted under an order; both wait for another."""
    asked = ledger.ask_reopening(
        actor=office.people["head_of_treasury"],
        request_id=uuid.uuid4(),
        fiscal_year=YEAR,
        period=12,
        reason=office.secret,
    )
    alone = a_person("finance_officer", "head_of_treasury", entity=office.entity, name="Alone Jaidee")
    reviewer = a_person("clerk", entity=office.entity, name="Wanna Review")
    number = an_exception(person=alone, reviewer=reviewer)
    row = makers.a_submitted(alone, makers.content(description=office.secret)).row
    key, now = uuid.uuid4(), datetime.now(UTC)
    vouchers.post_voucher(actor=alone, voucher_id=row.voucher_id, revision=row.revision, key=key, at=now)
    with entity_transaction(office.entity.entity_id):
        (use,) = identity.exception_uses()
        order = identity.order_numbered(number=number)
    office.made |= {"request_id": asked.request_id, "use_id": use.use_id, "order_id": order and order.order_id}


def _books(office: Office) -> None:
    who = {"actor": office.operator}
    ledger.add_sub_account(**who, account=BANK, sub_account="01", name_th=office.secret)
    for debit in (CASH, SAVINGS, CASH):
        posted = a_posted_journal(**who, description=office.secret, lines=lines_of(debit=debit))
    chain = {"fiscal_year": YEAR, "sequence_no": posted.sequence_no, "idempotency_key": uuid.uuid4()}
    ledger.reverse_journal(**who, **chain, day=AT.date(), reason=office.secret)
    ledger.set_estimates(**who, fiscal_year=YEAR, estimates=[Estimate(TAX, FUND, baht("1000.00"))])
    ledger.change_period(**who, fiscal_year=YEAR, period=12, state=PeriodState.SOFT_CLOSED, reason=office.secret)
    office.made["sequence_no"] = 1


def _vouchers(office: Office) -> None:
    maker, poster = office.people["finance_officer"], office.people["head_of_treasury"]
    content = makers.content(description=office.secret)
    draft = makers.a_draft(maker, content).row
    kept, spare = (
        vouchers.attach(
            actor=maker,
            voucher_id=draft.voucher_id,
            attachment_id=uuid.uuid4(),
            name="scan.pdf",
            content=makers.PDF,
            at=AT,
        ).attachment_id
        for _ in range(2)
    )
    submitted, posted = makers.a_submitted(maker, content).row, makers.a_posted(maker, poster, content).row
    office.made |= {
        "voucher_id": draft.voucher_id,
        "attachment_id": kept,
        "spare_attachment_id": spare,
        "submitted_id": submitted.voucher_id,
        "posted_id": posted.voucher_id,
    }


def browser_of(person: Actor | None, **options) -> Client:
    """The browser of somebody signed in, or of nobody."""
    # A browser says which it is; without, every request would write into the session anew.
    client = Client(raise_request_exception=False, **{"HTTP_USER_AGENT": "khlang-tests", **options})
    if person is not None:
        sign_in(client, person)
    return client
