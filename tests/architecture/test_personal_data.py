"""Every table with personal data is named in docs/security/personal-data.md, with its reason and its end."""

import re
from pathlib import Path

from django.apps import apps

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security" / "personal-data.md"
OF_PEOPLE = re.compile(
    r"(full|user|actor|made_by|saved_by|approved_by|posted_by|attached_by|reviewed_by|first|second)_?name"
    r"|phone|email|pid_hash|address|agent|device|signed_by|user|user_id|reviewer_id|acting_for"
)
# allauth keeps tables for mail addresses; no page of ours writes one.
UNUSED = frozenset({"account_emailaddress", "account_emailconfirmation"})


def holds_personal_data(model) -> bool:
    return any(OF_PEOPLE.fullmatch(field.name) for field in model._meta.concrete_fields)


def test_every_table_with_personal_data_says_why_and_how_long():
    page = PAGE.read_text(encoding="utf-8")
    found = {model._meta.db_table for model in apps.get_models() if holds_personal_data(model)} - UNUSED

    assert {"identity_staff", "authentication_attempt", "journal_vouchers_voucher"} <= found
    areas = tuple(re.findall(r"`(\w+_)\*`", page))
    assert {table for table in found if f"`{table}" not in page and not table.startswith(areas)} == set()
