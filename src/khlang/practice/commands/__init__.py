"""Make the practice organizations through the doors that everybody uses; a second time changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from importlib import resources
from uuid import uuid5

from khlang.identity import commands as identity
from khlang.identity import queries as people
from khlang.identity.commands import EntityDraft
from khlang.identity.rules import OrderDraft, OrderLineDraft
from khlang.journal_vouchers import commands as vouchers
from khlang.journal_vouchers import queries as voucher_queries
from khlang.journal_vouchers.rules import LineContent, VoucherContent, VoucherView
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import period_of
from khlang.ledger import commands as ledger
from khlang.ledger import queries
from khlang.ledger.rules import JournalFilter, PeriodState, split_account
from khlang.practice import rules
from khlang.practice.commands import budgets
from khlang.practice.rules import (
    Books,
    Organization,
    PracticeEntity,
    PracticeOrder,
    PracticeVoucher,
    VoucherPlan,
    YearOfBooks,
)
from khlang.practice.rules.years import NAMESPACE
from khlang.toolkit.citizen_number import pid_hash
from khlang.toolkit.tenancy import entity_transaction

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PracticeLogin:
    """One person as she logs in; `password` is empty when she was there before."""

    username: str
    name: str
    title: str
    role: str
    password: str


@dataclass(slots=True)
class LoadReport:
    """What was made."""

    entities: list[str] = field(default_factory=list)
    journals: int = 0
    vouchers: int = 0
    budget_lines: int = 0
    logins: list[PracticeLogin] = field(default_factory=list)


def load_practice(*, password: str, step: Step = lambda _: None) -> LoadReport:
    """Make practice entities, people, two years of books and budgets, vouchers on their way; what exists is left as it is.

    `password` is given to the people who are made now.
    """
    plan = rules.organization()
    report = LoadReport()
    for entity in plan.entities:
        _entity(entity)
        report.entities.append(entity.code)
    report.logins = [_person(person, password) for person in plan.people]
    for order in plan.orders:
        _order(plan, order)
    for entity in plan.entities:
        step(entity.code)
        report.journals += _books(plan, entity)
    step("vouchers")
    report.vouchers = _vouchers(rules.voucher_plan())
    report.budget_lines = _budgets(plan)
    return report


def _entity(entity: PracticeEntity) -> None:
    identity.add_entity(
        draft=EntityDraft(
            code=entity.code,
            kind=entity.kind,
            name_th=entity.name_th,
            name_en=entity.name_en,
            province=entity.province,
            parent=entity.parent,
        ),
    )


def _person(person: rules.Person, password: str) -> PracticeLogin:
    known = people.user_named(username=person.username)
    if known is None:
        number = identity.add_user(username=person.username, full_name=person.name, password=password)
        for code in person.entities:
            operator, at = people.operator(entity_code=code), datetime.now(UTC)
            identity.grant_role(actor=operator, user_id=number, role=person.role, at=at)
            identity.change_contact(actor=operator, user_id=number, title=person.title, phone="", email="", at=at)
    _register_for_thaid(person)
    shown = password if known is None else ""
    return PracticeLogin(person.username, person.name, person.title, person.role, shown)


def _register_for_thaid(person: rules.Person) -> None:
    """Let the simulated ThaiD find her, also where she was made before there was one."""
    user = people.user_named(username=person.username)
    if user is None or user.pid_hash is not None or not person.pid:
        return
    identity.set_pid_hash(
        actor=people.operator(entity_code=person.entities[0]),
        user_id=user.pk,
        pid_hash=pid_hash(pid=person.pid),
        at=datetime.now(UTC),
    )


def _order(plan: Organization, order: PracticeOrder) -> None:
    """Record one order; one with this number is there already."""
    operator, signer = people.operator(entity_code=order.entity), _named(plan, order.signed_by)
    with entity_transaction(operator.entity_id):
        if people.order_numbered(number=order.number) is not None:
            return
    draft = OrderDraft(
        number=order.number,
        ordered_on=order.ordered_on,
        kind=order.kind,
        subject=order.subject,
        signed_by=signer.name,
        signed_as=signer.title,
        signed_role=order.signed_role,
        lines=tuple(
            OrderLineDraft(
                user_id=_number(line.person),
                starts_on=line.starts_on,
                ends_on=line.ends_on,
                hat=line.hat,
                rule=line.rule,
                acting_for=line.acting_for,
                reviewer_id=_number(line.reviewer) if line.reviewer else None,
            )
            for line in order.lines
        ),
    )
    order_id = uuid5(NAMESPACE, f"{order.entity} order {order.number}")
    # The practice's own days may be over, or lie ahead, on the day it is loaded.
    at = max(datetime.now(UTC), datetime.combine(order.ordered_on, time(12), tzinfo=UTC))
    identity.record_order(actor=operator, order_id=order_id, draft=draft, at=at, accepts_warnings=True)


def _named(plan: Organization, username: str) -> rules.Person:
    return next(person for person in plan.people if person.username == username)


def _number(username: str) -> int:
    user = people.user_named(username=username)
    if user is None:
        raise LookupError(username)
    return int(user.pk)


def _actor(username: str, entity_code: str) -> Actor:
    user = people.user_named(username=username)
    found = None
    if user is not None:
        found = people.actor(user_id=user.pk, user_name=user.full_name, entity_code=entity_code, at=datetime.now(UTC))
    if found is None:
        raise LookupError(f"{username} has no role in {entity_code}")
    return found


def _books(plan: Organization, entity: PracticeEntity) -> int:
    """Two years of one entity; a year that has journals is left alone."""
    books = rules.books(entity.books)
    clerk, head = _actor("malee", entity.code), _actor("somchai", entity.code)
    for account, name in books.sub_accounts.items():
        code, sub_account = split_account(account)
        ledger.add_sub_account(actor=clerk, account=code, sub_account=sub_account, name_th=name)
    years = list(
        rules.years_of(
            code=entity.code, books=books, first_year=plan.first_year, last_year=plan.last_year, until=plan.today
        )
    )
    posted = 0
    for year in years:
        if _has_journals(head, year.fiscal_year):
            continue
        posted += _year(clerk, head, books, year, is_first=year is years[0])
        _estimates(clerk, entity.code, years[0], year.fiscal_year)
        _close(head, plan, year.fiscal_year)
    return posted


def _has_journals(actor: Actor, fiscal_year: int) -> bool:
    with entity_transaction(actor.entity_id):
        return queries.journals(JournalFilter(fiscal_year=fiscal_year, page_size=1)).count > 0


def _year(clerk: Actor, head: Actor, books: Books, year: YearOfBooks, *, is_first: bool) -> int:
    """All of a year or nothing of it: a broken load begins the year again."""
    ledger.open_fiscal_year(actor=clerk, fiscal_year=year.fiscal_year)
    with entity_transaction(head.entity_id):
        if not is_first:
            words = books.carry_text.format(year=year.fiscal_year - 1)
            ledger.carry_forward(actor=head, fiscal_year=year.fiscal_year, description=words)
        return len(ledger.post_journals(actor=head, journals=year.journals))


def _estimates(actor: Actor, code: str, first: YearOfBooks, fiscal_year: int) -> None:
    with entity_transaction(actor.entity_id):
        types = {each.code: each.budget_type for each in queries.accounts(fiscal_year=fiscal_year) if each.budget_type}
    found = rules.estimates_of(code=f"{code} {fiscal_year}", journals=first.journals, budgeted=types)
    ledger.set_estimates(actor=actor, fiscal_year=fiscal_year, estimates=found)


def _close(head: Actor, plan: Organization, fiscal_year: int) -> None:
    """Everything before this month is closed for now."""
    last = period_of(plan.today) - 1 if fiscal_year == plan.last_year else 12
    for period in range(last + 1):
        ledger.change_period(actor=head, fiscal_year=fiscal_year, period=period, state=PeriodState.SOFT_CLOSED)


def _budgets(plan: Organization) -> int:
    """The budgets of both years; returns how many lines came into force now."""
    found = rules.budget_plan(first_year=plan.first_year)
    people = {hat: _actor(username, found.entity) for hat, username in found.people.items()}
    at = max(datetime.now(UTC), datetime.combine(plan.today, time(12), tzinfo=UTC))
    members = {username: _number(username) for username in found.members}
    budgets.set_up_divisions(plan=found, actor=people["budget_officer"], members=members, at=at)
    return sum(
        budgets.make_budget(plan=found, people=people, fiscal_year=year, until=plan.today)
        for year in range(plan.first_year, plan.last_year + 1)
    )


def _vouchers(plan: VoucherPlan) -> int:
    clerk, head = _actor(plan.prepared_by, plan.entity), _actor(plan.posted_by, plan.entity)
    made = 0
    for number, planned in enumerate(plan.vouchers):
        made += _voucher(clerk, head, planned, number)
    return made


def _voucher(clerk: Actor, head: Actor, planned: PracticeVoucher, number: int) -> int:
    """One voucher as far as it has come; one that is there already may have been worked on, and is left."""
    at = datetime.now(UTC)
    voucher_id = uuid5(NAMESPACE, f"{clerk.entity_code} voucher {number}")
    with entity_transaction(clerk.entity_id):
        if voucher_queries.voucher(voucher_id=voucher_id) is not None:
            return 0
        view = vouchers.save_draft(actor=clerk, voucher_id=voucher_id, revision=0, content=_content(planned), at=at)
        if planned.attachment:
            file = resources.files("khlang.practice") / "data" / "attachment.pdf"
            vouchers.attach(
                actor=clerk,
                voucher_id=voucher_id,
                attachment_id=uuid5(voucher_id, "attachment"),
                name=f"memo-{number + 1}.pdf",
                content=file.read_bytes(),
                at=at,
            )
        _move(clerk, head, planned, view, at)
    return 1


def _content(planned: PracticeVoucher) -> VoucherContent:
    lines = tuple(LineContent(account, fund, "", debit, credit) for account, fund, debit, credit in planned.lines)
    return VoucherContent(planned.date, planned.kind, planned.text, lines)


def _move(clerk: Actor, head: Actor, planned: PracticeVoucher, view: VoucherView, at: datetime) -> None:
    if planned.state == "draft":
        return
    voucher_id = view.row.voucher_id
    key = uuid5(voucher_id, "submitted")
    view = vouchers.submit_voucher(actor=clerk, voucher_id=voucher_id, revision=view.row.revision, key=key, at=at)
    key = uuid5(voucher_id, "answered")
    if planned.state == "returned":
        vouchers.return_voucher(actor=head, voucher_id=voucher_id, reason=planned.reason, key=key, at=at)
    elif planned.state == "posted":
        vouchers.post_voucher(actor=head, voucher_id=voucher_id, revision=view.row.revision, key=key, at=at)
