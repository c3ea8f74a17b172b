"""The record as a workbook for people: everything in words. CSV and JSON lines are for programs that check the chain."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.audit.rules import ActView
from khlang.oversight.words import act_words, authority_words, document_words, fact_value
from khlang.toolkit.workbook import long_list_workbook


def workbook(acts: Iterable[ActView], *, title: str) -> Iterator[bytes]:
    """The acts as a workbook, in pieces; a sheet holds a million."""
    columns = [
        (_("No."), 8),
        (_("When"), 20),
        (_("Who"), 24),
        (_("Act"), 28),
        (_("Document"), 30),
        (_("What"), 60),
        (_("On which authority"), 50),
        (_("From where"), 16),
        (_("Request"), 34),
        (_("Hash"), 66),
        (_("Hash of the act before"), 66),
    ]
    return long_list_workbook(title=title, columns=columns, rows=(_row(act) for act in acts))


def _row(act: ActView) -> Sequence[str | int | datetime]:
    return (
        act.sequence_no,
        timezone.localtime(act.acted_at),
        act.actor_name,
        act_words(act.act),
        document_words(act.document),
        fact_value(json.loads(act.facts)) if act.facts != "{}" else "",
        "; ".join(words for _hat, words in authority_words(act.authority)),
        act.address,
        act.request_id,
        act.hash.hex(),
        act.previous_hash.hex(),
    )
