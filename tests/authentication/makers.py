"""Makers of what the tests of doors need."""

import uuid
from datetime import UTC, datetime, timedelta

from khlang.authentication import commands, queries
from khlang.authentication.rules import Door, Origin
from khlang.identity.models import User
from khlang.kernel.refusals import Refused, catalogue
from tests import builders

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"


def an_origin(address="203.0.113.7", *, agent=CHROME, devices=None):
    return Origin(address, agent, devices or {})


def a_username(entity=None, name="Malee Srisuk"):
    person = builders.a_person("finance_officer", entity=entity or builders.an_entity(), name=name)
    return User.objects.get(pk=person.user_id).username


def wrong(username, *, origin=None, at=MONDAY):
    """One wrong password; the code it was answered with."""
    try:
        commands.try_password(username=username, password="wrong", origin=origin or an_origin(), at=at)
    except Refused as refused:
        return refused.refusals[0].code.split(".")[1]
    raise AssertionError("a wrong password was taken")


def right(username, *, origin=None, at=MONDAY):
    """The right password; the number of the device it is remembered by, or the code of the refusal."""
    try:
        attempt = commands.try_password(
            username=username, password=builders.PASSWORD, origin=origin or an_origin(), at=at
        )
    except Refused as refused:
        return refused.refusals[0].code.split(".")[1]
    return commands.succeed(attempt=attempt, at=at)


def username_of(actor):
    return User.objects.get(pk=actor.user_id).username


def user_id_of(username):
    return User.objects.get(username=username).pk


def words(code):
    """What a refusal says on a Thai page."""
    return catalogue()[code]["th"]


__all__ = ["CHROME", "FIREFOX", "MONDAY", "Door", "queries", "timedelta", "uuid"]
