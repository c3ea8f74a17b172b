"""The API tried by a program that reads its description: what is allowed, and what is not, with a fixed seed.

No answer may be a fault of ours, of a status that is not described, or of another shape than described.
"""

import warnings

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from khlang.api.api import api
from khlang.wsgi import application
from tests.security.office import browser_of
from tests.security.walk import MAKERS, operations

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

AGENT = "khlang-tests"
EXAMPLES = 12
# The budget has three times as many operations as everything else; each is tried less, and all of them are.
EXAMPLES_OF_BUDGET = 2
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = {"what it allows": GenerationMode.POSITIVE, "what it forbids": GenerationMode.NEGATIVE}
NAMES = [each.name for each in operations()]


@pytest.fixture(scope="module")
def described():
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = application
    return schema


@pytest.fixture
def signed_in(office):
    """A session of the head of treasury and the token of its forms."""
    client = browser_of(office.people["head_of_treasury"], HTTP_USER_AGENT=AGENT)
    token = client.get("/session/").json()["csrf"]
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return {"headers": {"X-CSRFToken": token, "User-Agent": AGENT}, "cookies": cookies}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_an_operation_answers_as_it_is_described(described, signed_in, office, name, mode):
    method, path = name.split()
    operation = described[path][method]
    known = {each: str(maker(office)) for each, maker in MAKERS.items() if f"{{{each}}}" in path}
    answered = []

    @seed(7)
    @settings(
        max_examples=EXAMPLES_OF_BUDGET if "/budget" in path else EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=MODES[mode]), is_known=st.booleans())
    def asked(case, is_known):
        if "entity_code" in known:
            case.path_parameters["entity_code"] = known["entity_code"]
        if is_known:
            case.path_parameters.update(known)
        response = case.call(**signed_in)
        answered.append(response.status_code)
        # An address that leads to no operation is answered by the site, not by the API.
        if response.status_code != 404 or "json" in str(response.headers):
            case.validate_response(response, checks=CHECKS)

    try:
        asked()
    except Exception as error:
        if "Unsatisfiable" in type(error).__name__ or "SkipTest" in str(type(error)):
            pytest.skip(f"nothing can be made that {mode.removeprefix('what it ')}")
        raise

    assert answered
    assert 401 not in answered
