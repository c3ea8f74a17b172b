"""Makers of vouchers for the tests of this area; everything goes through the commands that users use."""

import io
import uuid
import zipfile
from datetime import UTC, datetime

from khlang.identity.queries import entity as entity_named
from khlang.identity.rules import EntityView
from khlang.journal_vouchers import commands
from khlang.journal_vouchers.rules import LineContent, VoucherContent, VoucherView
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from tests.builders import CASH, FUND, TAX, a_fiscal_year, a_person, an_actor, an_entity

AT = datetime(2024, 10, 3, 2, 30, tzinfo=UTC)
PDF = b"%PDF-1.7 a scan"


def a_team() -> tuple[Actor, Actor]:
    """Maker and poster of one entity with an open year 2568."""
    entity = an_entity()
    a_fiscal_year(actor=an_actor(entity=entity))
    maker = a_person("finance_officer", entity=entity, name="Malee Srisuk")
    poster = a_person("head_of_treasury", entity=entity, name="Prasert Jaidee")
    return maker, poster


def content(
    amount: str = "250.00",
    *,
    date: str = "3/10/2567",
    kind: str = "general",
    description: str = "Land and building tax received",
) -> VoucherContent:
    """Two typed lines that balance."""
    lines = (LineContent(CASH, FUND, "", amount, ""), LineContent(TAX, FUND, "", "", amount))
    return VoucherContent(date, kind, description, lines)


def a_draft(maker: Actor, typed: VoucherContent | None = None) -> VoucherView:
    return commands.save_draft(actor=maker, voucher_id=uuid.uuid4(), revision=0, content=typed or content(), at=AT)


def a_submitted(maker: Actor, typed: VoucherContent | None = None) -> VoucherView:
    row = a_draft(maker, typed).row
    return commands.submit_voucher(
        actor=maker, voucher_id=row.voucher_id, revision=row.revision, key=uuid.uuid4(), at=AT
    )


def a_posted(maker: Actor, poster: Actor, typed: VoucherContent | None = None) -> VoucherView:
    row = a_submitted(maker, typed).row
    return commands.post_voucher(
        actor=poster, voucher_id=row.voucher_id, revision=row.revision, key=uuid.uuid4(), at=AT
    )


def codes(call, **arguments) -> list[tuple[str, str]]:
    """Code and place of every reason why a call is refused; empty when it is not."""
    try:
        call(**arguments)
    except Refused as refused:
        return [(refusal.code, refusal.where) for refusal in refused.refusals]
    return []


def an_office_file(part: str, *others: str) -> bytes:
    """A parcel as Word and Excel make them, with the parts named."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parcel:
        for name in ("[Content_Types].xml", part, *others):
            parcel.writestr(name, "<x/>")
    return buffer.getvalue()


def the_entity_of(actor: Actor) -> EntityView:
    """The entity an actor works in."""
    return entity_named(code=actor.entity_code)
