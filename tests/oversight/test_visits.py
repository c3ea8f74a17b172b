"""Visits from above: with a reason, read only, seen by everybody concerned, over when the time is over (R319, R321)."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import queries as identity
from khlang.identity.access import NotPermitted, page
from khlang.identity.commands import EntityDraft, add_entity, begin_visit, end_visit
from khlang.identity.models import User, Visit
from khlang.identity.permissions import MATRIX
from khlang.identity.rules import Role
from khlang.kernel.refusals import Refused
from khlang.oversight import queries
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.security.office import a_full_office
from tests.security.walk import addresses, operations

database = pytest.mark.django_db
REASON = "ตรวจสอบยอดยกมาตามหนังสือที่ มท 0808/12"


def an_office_above(kind, *, parent="", province="12"):
    code = uuid.uuid4().hex[:12].upper()
    return add_entity(draft=EntityDraft(code, kind, f"Office {code}", province=province, parent=parent))


class Above:
    """The department, the province 12 and its officers; two local governments, one of another province."""

    def __init__(self):
        self.department = an_office_above("department")
        self.province = an_office_above("provincial_office", parent=self.department.code)
        self.officer = builders.a_person("department_officer", entity=self.department, name="Dao Department")
        self.near = builders.a_person("province_officer", entity=self.province, name="Pim Province")
        self.books = builders.an_entity()
        self.far = an_office_above("subdistrict_administrative_organization", province="50")


@pytest.fixture
def above():
    return Above()


def visit(actor, entity, *, reason=REASON, at=None):
    return begin_visit(actor=actor, entity_code=entity.code, reason=reason, at=at or datetime.now(UTC))


def refused(call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return [refusal.code for refusal in caught.value.refusals]


def hats(officer, entity, at):
    found = identity.actor(user_id=officer.user_id, user_name=officer.name, entity_code=entity.code, at=at)
    return found.roles if found else None


@database
def test_a_visit_lasts_for_its_hours_and_no_longer(above):
    before = datetime.now(UTC)
    assert hats(above.officer, above.books, before) is None

    made = visit(above.officer, above.books)

    assert made.ends_at - made.started_at == timedelta(hours=8)
    assert hats(above.officer, above.books, made.ends_at - timedelta(seconds=1)) == {Role.VISITOR}
    assert hats(above.officer, above.books, made.ends_at) is None
    assert visit(above.officer, above.books) == made


@database
def test_begin_visit_refuses_without_a_reason_or_beyond_reach(above):
    assert refused(visit, above.officer, above.books, reason="short") == ["identity.visit_reason_missing"]
    assert refused(visit, above.officer, above.province) == ["identity.visit_out_of_reach"]
    assert refused(visit, above.near, above.far) == ["identity.visit_out_of_reach"]
    assert visit(above.near, above.books).user_name == "Pim Province"
    assert visit(above.officer, above.far).entity_code == above.far.code
    clerk = builders.a_person("clerk", entity=above.books)
    assert refused(visit, clerk, above.far) == ["identity.not_permitted"]


@database
def test_a_visit_stands_in_both_records_and_on_the_page_of_the_entity(above, client):
    visit(above.officer, above.books)
    end_visit(actor=above.officer, entity_code=above.books.code, at=datetime.now(UTC))

    told = []
    for entity in (above.department, above.books):
        with entity_transaction(entity.entity_id):
            told.append([act.act for act in audit.acts(ActFilter(actor_id=above.officer.user_id))])
    assert told[0] == told[1] == ["oversight.end_visit", "oversight.begin_visit"]
    with entity_transaction(above.books.entity_id):
        began = audit.acts(ActFilter(act="oversight.begin_visit"))[0]
    assert REASON in began.authority
    builders.sign_in(client, builders.a_person("clerk", entity=above.books))
    page = client.get(reverse("oversight:visits", kwargs={"entity_code": above.books.code})).content.decode()
    assert "Dao Department" in page
    assert REASON in page


@database
def test_the_local_head_gets_a_quiet_notice_and_a_week_later_none(above):
    visit(above.officer, above.books)
    clerk = builders.a_person("clerk", entity=above.books)
    now = datetime.now(UTC)

    def notices(at):
        with entity_transaction(above.books.entity_id):
            return [(task.urgency, task.title_en) for task in queries.tasks(actor=clerk, today=at.date(), now=at)]

    assert [urgency for urgency, _ in notices(now)] == ["waiting"]
    assert "is reading" in notices(now)[0][1]
    assert "is reading" not in notices(now + timedelta(hours=9))[0][1]
    assert notices(now + timedelta(days=8)) == []


@database
def test_the_pages_of_a_visit_find_begin_warn_and_end(above):
    client = Client()
    builders.sign_in(client, above.near)
    begin = reverse("oversight:visit", kwargs={"entity_code": above.province.code})

    assert above.books.name_th in client.get(begin, {"search": above.books.code}).content.decode()
    assert above.far.name_th not in client.get(begin, {"search": above.far.code}).content.decode()
    assert client.post(begin, {"entity": above.books.code, "reason": "x"}).status_code == 422
    home = client.post(begin, {"entity": above.books.code, "reason": REASON}, follow=True)
    assert "เข้าดูโดยบันทึกเหตุผล" in home.content.decode()
    assert REASON in home.content.decode()
    end = reverse("oversight:end-visit", kwargs={"entity_code": above.province.code})
    assert client.post(end, {"entity": above.books.code}).status_code == 302
    assert client.get(f"/{above.books.code}/").status_code == 404


@database
def test_no_act_that_writes_is_open_to_a_visitor():
    opened = {act for act, permission in MATRIX.items() if Role.VISITOR in permission.roles}

    assert "ledger.read" in opened
    assert {act for act in opened if not act.split(".")[1].startswith(("read", "home", "print", "verify"))} == set()


@database
def test_a_visitor_who_sends_something_is_told_that_visitors_only_read(above, rf):
    visit(above.officer, above.books)
    request = rf.post("/")
    request.user = User.objects.get(pk=above.officer.user_id)
    request.session = {}
    guarded = page(act="web.home")(lambda *_: HttpResponse("done"))

    with pytest.raises(NotPermitted, match=r"identity\.visitor_only_reads"):
        guarded(request, entity_code=above.books.code)


def filled(address, office):
    """The address with the office's documents; a number of nothing where the walk knows none yet."""
    try:
        return address.filled(office)
    except LookupError:
        return re.sub(r"<uuid:\w+>", str(uuid.uuid4()), "/" + address.route).replace("<slug:entity_code>", office.code)


def test_no_unsafe_route_accepts_a_visitor(committed_db):
    office = a_full_office(roles=frozenset())
    officer = builders.a_person("department_officer", entity=an_office_above("department"), name="Dao Department")
    visit(officer, office.entity)
    client = Client(raise_request_exception=False)
    builders.sign_in(client, officer)
    accepted, readable = [], 0

    for address in (each for each in addresses() if each.is_of_entity):
        shown = client.get(filled(address, office))
        readable += shown.status_code == 200
        shown.close()
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(filled(address, office))
            if answer.status_code not in (403, 404, 405):
                accepted.append(f"{method} {address.name}: {answer.status_code}")
    for operation in operations():
        if operation.is_of_entity and operation.method != "get":
            answer = getattr(client, operation.method)(
                operation.filled(office), data=operation.body or {}, content_type="application/json"
            )
            # Checking and previewing write nothing; whoever reads the books may ask.
            reads = operation.path.endswith(("/check", "/preview"))
            if answer.status_code not in (403, 404, 405) and not reads:
                accepted.append(f"{operation.name}: {answer.status_code}")

    assert readable > 10
    assert accepted == []


@database
@pytest.mark.parametrize("change", ["longer", "reason", "started"])
def test_the_database_lets_nobody_stretch_or_rewrite_a_visit(above, change):
    made = visit(above.officer, above.books)
    columns = {
        "longer": {"ends_at": made.ends_at + timedelta(minutes=1)},
        "reason": {"reason": "another"},
        "started": {"started_at": made.started_at - timedelta(hours=1)},
    }[change]

    with entity_transaction(above.books.entity_id), pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(entity_id=above.books.entity_id).update(**columns)


@database
@pytest.mark.parametrize("origin", ["books", "far_province"])
def test_the_database_refuses_a_visit_from_beside_or_from_another_province(above, origin):
    home = (
        above.far
        if origin == "books"
        else an_office_above("provincial_office", parent=above.department.code, province="50")
    )
    now = datetime.now(UTC)

    with (
        entity_transaction(above.books.entity_id),
        pytest.raises(DatabaseError, match="within reach"),
        transaction.atomic(),
    ):
        Visit.objects.create(
            entity_id=above.books.entity_id, visit_id=uuid.uuid4(), user_id=above.officer.user_id, user_name="x",
            from_entity_id=home.entity_id, reason=REASON, started_at=now, ends_at=now + timedelta(hours=1),
        )  # fmt: skip


@pytest.mark.parametrize("statement", ["DELETE FROM identity_visit", "TRUNCATE identity_visit"])
def test_nobody_makes_a_visit_unhappen_not_even_the_owner(committed_db, owner_connection, statement):
    office = Above()
    visit(office.officer, office.books)
    owner_connection.execute(f"SET LOCAL khlang.entity_id = {office.books.entity_id}")

    with pytest.raises(psycopg.DatabaseError, match="immutable"):
        owner_connection.execute(statement)
