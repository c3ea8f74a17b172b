"""Verification of a large record in the background; run twice it does no harm."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from khlang.identity import queries as identity
from khlang.oversight import commands


@app.task(queue="care")
def verify_record(*, entity_code: str, user_id: int, user_name: str) -> None:
    """Verify the record for whoever asked, with the hats she wears now; nothing when she has none left."""
    close_old_connections()
    found = identity.actor(user_id=user_id, user_name=user_name, entity_code=entity_code, at=timezone.now())
    if found is not None:
        commands.verify_record(actor=found)
