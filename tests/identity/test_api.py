"""People, hats and why, as programs read them."""

import pytest

from tests import builders
from tests.identity.people_makers import added, an_administrator

pytestmark = pytest.mark.django_db


def test_people_hats_and_why_answer_the_members_of_the_entity_only(client):
    actor, stranger = an_administrator(), an_administrator()
    added(actor, "head_of_treasury", name="สมชาย ใจดี", title="ผู้อำนวยการกองคลัง", phone="02-123-4567")
    builders.sign_in(client, actor)
    home = f"/api/v1/{actor.entity_code}"

    people = client.get(f"{home}/people?hat=head_of_treasury")
    hats = client.get(f"{home}/hats").json()
    why = client.get(f"{home}/why/ledger.post").json()

    assert [each["name"] for each in people.json()["people"]] == ["สมชาย ใจดี"]
    assert "02-123-4567" not in people.content.decode()
    assert [each["hat"] for each in hats] == ["local_administrator"]
    assert (why["may"], why["needed"], why["asks_for_proof"]) == (False, ["head_of_treasury"], True)
    assert why["who_can"] == [{"name": "สมชาย ใจดี", "title": "ผู้อำนวยการกองคลัง"}]
    assert client.get(f"{home}/why/ledger.levitate").status_code == 404
    assert client.get(f"/api/v1/{stranger.entity_code}/people").status_code == 404
