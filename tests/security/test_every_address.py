"""Every address and every operation, asked by everybody: each role, nobody, and the member of another entity.

What must come back follows from the permission table. A route that cannot be filled fails: see tests/security/walk.py.
"""

from dataclasses import replace

import pytest
from django.utils import timezone

from khlang.identity.commands import end_role
from khlang.identity.permissions import MATRIX, may
from tests import builders
from tests.database.isolation import tables
from tests.security.conftest import ABOVE_ROLES, LOCAL_ROLES
from tests.security.office import browser_of
from tests.security.walk import ACTS, BLANK, HERE, OPEN, addresses, operations

# A document is asked for by its own number; accounts, years and journals are counted anew in each entity.
DOCUMENTS = frozenset(
    {
        "draft_line_id",
        "grant_id",
        "order_id",
        "ordinance_id",
        "upload_id",
        "user_id",
        "voucher_id",
        "attachment_id",
        "import_id",
        "request_id",
        "use_id",
        "line_id",
        "change_id",
    }
)


def asked(client, office, known):
    """Each page by each method that it knows, with its answer."""
    for address, method in known:
        answer = getattr(client, method)(address.filled(office))
        answer.close()
        yield f"{method.upper()} {address.name}", address, method, answer


def called(client, office):
    """Each operation of the API, with its answer."""
    for operation in operations():
        if operation.is_of_entity:
            more = {} if operation.body is None else {"data": operation.body, "content_type": "application/json"}
            yield operation, getattr(client, operation.method)(operation.filled(office), **more)


def wrong(name, answer, expected) -> str:
    return f"{name}: {answer.status_code}, not {expected}"


def test_every_page_says_which_act_it_is_or_is_known_to_be_open():
    strange = [each.name for each in addresses() if not each.act and each.name not in OPEN]

    assert strange == [], f"give the page an act, or add a line to OPEN in {HERE}"
    assert {each.act for each in addresses() if each.act} <= set(MATRIX)


def test_every_page_says_which_methods_it_knows(known):
    """A page that knows only GET would fail, or write, when it is sent something."""
    assert {address for address, _ in known} == {each for each in addresses() if each.is_of_entity}
    assert [address.name for address, method in known if method in ("patch", "delete")] == []


def test_every_operation_of_the_api_says_which_act_it_is():
    strange = [each.name for each in operations() if each.is_of_entity and each.name not in ACTS]

    assert strange == [], f"add a line to ACTS in {HERE}"
    assert set(ACTS.values()) <= set(MATRIX)
    assert set(ACTS) <= {each.name for each in operations()}


@pytest.mark.parametrize("role", [*LOCAL_ROLES, *ABOVE_ROLES])
def test_a_role_may_open_what_the_table_says_and_nothing_else(known, place_of, role):
    office = place_of(role)
    person = office.people[role]
    faults = []
    for name, address, method, answer in asked(browser_of(person), office, known):
        status = answer.status_code
        if not may(person, address.act):
            if status != 403:
                faults.append(wrong(name, answer, 403))
        elif status == 403 or status >= 500 or (status == 404 and method == "get"):
            faults.append(wrong(name, answer, f"allowed by {address.act}"))

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", [*LOCAL_ROLES, *ABOVE_ROLES])
def test_a_role_may_call_what_the_table_says_and_nothing_else(place_of, role):
    office = place_of(role)
    person = office.people[role]
    faults = []
    for operation, answer in called(browser_of(person), office):
        allowed = may(person, ACTS[operation.name])
        if allowed and (answer.status_code in (403, 404) or answer.status_code >= 500):
            faults.append(wrong(operation.name, answer, "allowed"))
        if not allowed and answer.status_code != 403:
            faults.append(wrong(operation.name, answer, 403))

    assert not faults, "\n".join(faults)


def test_nobody_is_led_to_the_log_in_page_from_every_address(known, office):
    client = browser_of(None)
    pages = [
        wrong(name, answer, "302 to the log-in page")
        for name, _, _, answer in asked(client, office, known)
        if answer.status_code != 302 or not answer["Location"].startswith("/login/?next=/")
    ]
    calls = [wrong(each.name, answer, 401) for each, answer in called(client, office) if answer.status_code != 401]

    assert pages + calls == []


def open_pages(client, office):
    """Each page before an entity is chosen, the way out last."""
    for address in sorted(addresses(), key=lambda each: each.name == "doors:logout"):
        if not address.is_of_entity:
            for method in ("get", "post"):
                yield f"{method} {address.name}", address, getattr(client, method)(address.filled(office))


def test_open_pages_answer_nobody_as_they_should(office):
    faults = []
    for name, address, answer in open_pages(browser_of(None), office):
        if answer.status_code not in OPEN[address.name] | {405}:
            faults.append(wrong(name, answer, sorted(OPEN[address.name])))

    assert not faults, "\n".join(faults)


def test_open_pages_know_whoever_is_logged_in(office):
    """Nobody who is logged in is sent to the log-in page, and what one may not do is said without a fault."""
    faults = []
    for name, _, answer in open_pages(browser_of(builders.a_person("clerk", entity=office.entity)), office):
        if answer.status_code >= 500 or answer.headers.get("Location", "").startswith("/login/?"):
            faults.append(wrong(name, answer, "an answer of the page"))

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["head_of_treasury", "department_officer"])
def test_the_head_of_another_entity_finds_nothing_anywhere(known, office, other, offices_above, who):
    """Nor does an officer of the department, as long as she has not begun a visit."""
    client = browser_of(offices_above.get(who, other).people[who])
    pages = [
        wrong(name, answer, 404) for name, _, _, answer in asked(client, office, known) if answer.status_code != 404
    ]
    calls = [wrong(each.name, answer, 404) for each, answer in called(client, office) if answer.status_code != 404]

    assert pages + calls == []


def test_an_entity_that_is_not_ours_and_one_that_is_not_answer_alike(office, other):
    client = browser_of(other.people["head_of_treasury"])
    theirs, nowhere = client.get(f"/{office.code}/vouchers/"), client.get("/NO-SUCH-ENTITY/vouchers/")

    assert theirs.status_code == nowhere.status_code == 404
    assert without_numbers(theirs, office.code) == without_numbers(nowhere, "NO-SUCH-ENTITY")


def without_numbers(answer, code):
    return answer.content.decode().replace(code, "").replace(answer["X-Request-ID"][:8].upper(), "").splitlines()[:40]


def borrowed(office, other):
    """Their address, our documents."""
    return replace(other, made=office.made)


def rows_of(connection, office):
    """A mark of every row of an office."""
    marks = {}
    for table in tables(connection):
        query = (
            f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t WHERE entity_id = %s"
        )
        marks[table] = connection.execute(query, (office.entity.entity_id,)).fetchone()[0]
    connection.rollback()
    return marks


def test_documents_of_one_entity_are_not_reached_under_the_address_of_another(
    known, office, other, superuser_connection
):
    """The head of another entity knows the numbers of our documents, and asks for them in her own entity."""
    client, before = browser_of(other.people["head_of_treasury"]), rows_of(superuser_connection, office)
    faults = []
    for name, address, method, answer in asked(client, borrowed(office, other), known):
        body = b"" if answer.streaming else answer.content
        if office.secret.encode() in body or answer.status_code >= 500:
            faults.append(wrong(name, answer, "no word of ours"))
        is_document = DOCUMENTS & set(address.arguments) and address.name not in BLANK
        if method == "get" and is_document and answer.status_code == 200:
            faults.append(wrong(name, answer, 404))
    for operation, answer in called(client, borrowed(office, other)):
        if office.secret.encode() in answer.content or answer.status_code >= 500:
            faults.append(wrong(operation.name, answer, "no word of ours"))

    assert not faults, "\n".join(faults)
    assert rows_of(superuser_connection, office) == before


def test_a_member_whose_role_ended_finds_nothing(known, office):
    person = builders.a_person("finance_officer", entity=office.entity)
    client = browser_of(person)
    assert client.get(f"/{office.code}/vouchers/").status_code == 200

    end_role(actor=office.operator, user_id=person.user_id, role="finance_officer", at=timezone.now())

    assert {answer.status_code for *_, answer in asked(client, office, known)} == {404}
