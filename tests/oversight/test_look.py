"""The pages of oversight and of two hands, looked at: both sizes, both displays, no barrier, nothing too wide."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from khlang.identity.commands import begin_visit
from tests import builders
from tests.journeys.conftest import at_desk
from tests.looks import DESK, PHONE, faults, put_on
from tests.oversight.test_visits import REASON, an_office_above
from tests.security.office import a_full_office

__all__ = ["at_desk"]


@pytest.fixture
def office(live_khlang):
    """A full office with an auditor and a clerk, an order, a use reviewed and one that waits, and a guest from above."""
    made = a_full_office(roles=frozenset({"auditor", "clerk", "local_administrator"}))
    above = an_office_above("department")
    made.people["guest"] = builders.a_person("department_officer", entity=above, name="ดาว กรมส่งเสริม")
    begin_visit(actor=made.people["guest"], entity_code=made.code, reason=REASON, at=datetime.now(UTC))
    made.made["above"] = above.code
    return made


@pytest.mark.parametrize(
    "look",
    [(DESK, "light", "th"), (PHONE, "dark", "en")],
    ids=["desk-light", "phone-dark"],
)
def test_no_page_of_oversight_has_a_barrier(office, at_desk, live_khlang, look):
    size, scheme, language = look
    home, use, request = f"{live_khlang}/{office.code}/", office.made["use_id"], office.made["request_id"]
    desks = {
        "auditor": [
            "audit/",
            "audit/8/",
            "audit/witness/",
            "exceptions/",
            f"exceptions/{use}/",
            "readings/",
            "visits/",
        ],
        "clerk": ["", f"periods/reopenings/{request}/", "periods/2568/"],
        "head_of_treasury": ["periods/2568/12/reopen/", f"imports/{office.made['import_id']}/"],
        "guest": ["", "accounts/"],
    }
    found = []
    for role, pages in desks.items():
        page = at_desk(office.people[role])
        put_on(page, size, scheme)
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_khlang}])
        for address in pages:
            page.goto(home + address)
            found += faults(page)
        if role == "guest":
            page.goto(f"{live_khlang}/{office.made['above']}/visits/begin/?search={office.code}&entity={office.code}")
            found += faults(page)
        assert page.said == []

    assert found == []
