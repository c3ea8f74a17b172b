"""`khlang users list|why` and `khlang orders`, as machines read them."""

import json
import uuid

import pytest
from click.testing import CliRunner

from khlang.cli.main import root
from khlang.identity.models import User
from tests import builders

pytestmark = pytest.mark.django_db


def khlang(*words, expect=0):
    result = CliRunner().invoke(root(), [*words, "--json"], standalone_mode=False)
    assert (result.exit_code, result.exception) == (expect, None), result.output
    return json.loads(result.output)


def a_username_of(actor) -> str:
    return User.objects.get(pk=actor.user_id).username


def test_users_are_listed_with_their_hats_and_why_says_who_can():
    entity = builders.an_entity()
    malee = builders.a_person("finance_officer", entity=entity, name="มาลี ศรีสุข")
    builders.a_person("head_of_treasury", entity=entity, name="สมชาย ใจดี")

    listed = khlang("users", "list", "--entity", entity.code, "--search", "มาลี")
    why = khlang("users", "why", "--entity", entity.code, "--username", a_username_of(malee), "--act", "ledger.post")

    assert [(each["name"], each["hats"][0]["hat"]) for each in listed["people"]] == [("มาลี ศรีสุข", "finance_officer")]
    assert (why["may"], why["needed"]) == (False, ["head_of_treasury"])
    assert [each["name"] for each in why["who_can"]] == ["สมชาย ใจดี"]


def test_orders_are_recorded_listed_and_taken_back():
    entity = builders.an_entity()
    malee = builders.a_person("finance_officer", entity=entity)
    number = f"{uuid.uuid4().hex[:6]}/2570"
    head = ["--entity", entity.code, "--number", number]
    signed = ["--signed-by", "ประสิทธิ์", "--signed-as", "นายก", "--date", "today", "--from", "today", "--to", "+30"]
    who = ["--username", a_username_of(malee), "--gives", "clerk", "--acting-for", "วรรณา"]

    made = khlang("orders", "add", *head, "--kind", "acting", "--subject", "รักษาราชการแทน", *signed, *who)
    listed = khlang("orders", "list", "--entity", entity.code)
    ended = khlang("orders", "end", *head, "--reason", "กลับมาแล้ว", "--last-day", "yesterday")

    assert made["state"] == "valid"
    assert [each["number"] for each in listed["orders"]] == [number]
    assert ended["state"] == "taken_back"
    assert khlang("orders", "list", "--entity", entity.code)["orders"] == []
