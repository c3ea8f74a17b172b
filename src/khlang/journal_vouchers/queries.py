"""The only reads of vouchers offered to others, inside an entity transaction; all return frozen values."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override

from khlang.identity.permissions import may
from khlang.journal_vouchers.models import Attachment, Voucher, VoucherEvent
from khlang.journal_vouchers.rules import (
    Act,
    AttachmentView,
    EventView,
    VoucherFilter,
    VoucherRow,
    VoucherState,
    VoucherView,
    content_of,
)
from khlang.kernel.actors import Actor
from khlang.kernel.money import Baht
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.kernel.thai_text import search_key
from khlang.ledger.rules import Page
from khlang.toolkit.tenancy import required_entity_id

ORDERS = {
    "saved": ("saved_at",),
    "date": ("voucher_date", "saved_at"),
    "number": ("journal_year", "journal_no", "saved_at"),
    "description": ("description", "saved_at"),
    "state": ("state", "saved_at"),
    "total": ("total", "saved_at"),
    "maker": ("made_by_name", "saved_at"),
}
"""What a list can be sorted by; a leading "-" turns it round."""

TASKS_MAX = 50
TASKS: Mapping[str, tuple[Urgency, str | Promise, str]] = {
    "returned": ("returned", gettext_lazy("Mend the voucher sent back"), "arrow-back-up"),
    "draft": ("todo", gettext_lazy("Finish the voucher"), "file-pencil"),
    "post": ("todo", gettext_lazy("Check and post the voucher"), "clipboard-check"),
    "waiting": ("waiting", gettext_lazy("Waiting to be posted"), "hourglass"),
}


def vouchers(chosen: VoucherFilter) -> Page[VoucherRow]:
    """One page of vouchers; count and total (baht) of all that match."""
    found = _narrowed(chosen)
    # One question gives both, so that they belong to the same moment.
    whole = found.aggregate(count=Count("id"), total=Sum("total"))
    start = (chosen.page - 1) * chosen.page_size
    rows = _ordered(found, chosen.order)[start : start + chosen.page_size]
    return Page(
        tuple(_row(row) for row in rows),
        whole["count"],
        chosen.page,
        chosen.page_size,
        Baht(whole["total"] or 0),
    )


def voucher_rows(chosen: VoucherFilter, *, limit: int) -> list[VoucherRow]:
    """Every voucher that matches, up to `limit`, for a file."""
    return [_row(row) for row in _ordered(_narrowed(chosen), chosen.order)[:limit]]


def _narrowed(chosen: VoucherFilter) -> QuerySet[Voucher]:
    tests = Q(entity_id=required_entity_id())
    optional = {
        "state": chosen.state,
        "kind": chosen.kind,
        "voucher_date__gte": chosen.start,
        "voucher_date__lte": chosen.end,
        "made_by": chosen.made_by,
    }
    tests &= Q(**{name: value for name, value in optional.items() if value not in ("", None)})
    for word in search_key(chosen.search).replace(",", "").split():
        tests &= Q(search_text__contains=word)
    return Voucher.objects.filter(tests)


def _ordered(found: QuerySet[Voucher], order: str) -> QuerySet[Voucher]:
    names = ORDERS.get(order.removeprefix("-"), ORDERS["saved"])
    down = order.startswith("-")
    return found.order_by(*(F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in names))


def voucher(*, voucher_id: UUID) -> VoucherView | None:
    """One voucher with its events (oldest first) and files, or None."""
    row = Voucher.objects.filter(entity_id=required_entity_id(), id=voucher_id).first()
    return None if row is None else view_of(row)


def hands_of_voucher(number: str) -> dict[str, tuple[int, ...]]:
    """Who took which step of a voucher of the entity of the transaction; nobody where the number is unknown."""
    with contextlib.suppress(ValueError):
        found = Voucher.objects.filter(entity_id=required_entity_id(), id=UUID(number)).first()
        return {"journal_prepared": tuple(found.prepared_by)} if found else {}
    return {}


def view_of(row: Voucher) -> VoucherView:
    """A row as others see it; for the commands of this area, which have locked the row."""
    return VoucherView(
        row=_row(row),
        content=content_of(row.content),
        prepared_by=tuple(row.prepared_by),
        copied_from=row.copied_from,
        events=events(voucher_id=row.id),
        attachments=attachments(voucher_id=row.id),
    )


def events(*, voucher_id: UUID) -> tuple[EventView, ...]:
    """What happened to a voucher, oldest first."""
    found = VoucherEvent.objects.filter(entity_id=required_entity_id(), voucher_id=voucher_id).order_by("place")
    return tuple(
        EventView(event.id, Act(event.act), event.actor_id, event.actor_name, event.at, event.reason) for event in found
    )


def event(*, event_id: UUID) -> tuple[UUID, Act] | None:
    """The voucher and act an idempotency key has been used for, or None."""
    found = VoucherEvent.objects.filter(entity_id=required_entity_id(), id=event_id).first()
    return (found.voucher_id, Act(found.act)) if found else None


def attachments(*, voucher_id: UUID) -> tuple[AttachmentView, ...]:
    """The files of a voucher, oldest first; those taken off are left out."""
    found = Attachment.objects.filter(
        entity_id=required_entity_id(),
        voucher_id=voucher_id,
        detached_at__isnull=True,
    ).order_by("attached_at", "id")
    return tuple(_attachment(row) for row in found)


def attachment(*, attachment_id: UUID) -> AttachmentView | None:
    """One file, or None when there is none or it was taken off."""
    row = Attachment.objects.filter(
        entity_id=required_entity_id(),
        id=attachment_id,
        detached_at__isnull=True,
    ).first()
    return None if row is None else _attachment(row)


def voucher_of_journal(*, fiscal_year: int, sequence_no: int) -> VoucherView | None:
    """The voucher that posted a journal, or that the journal reverses; None when it came from elsewhere."""
    row = Voucher.objects.filter(
        Q(journal_year=fiscal_year, journal_no=sequence_no) | Q(reversal_year=fiscal_year, reversal_no=sequence_no),
        entity_id=required_entity_id(),
    ).first()
    return None if row is None else view_of(row)


def makers() -> list[tuple[int, str]]:
    """Everyone who has made a voucher here, by name."""
    found = Voucher.objects.filter(entity_id=required_entity_id()).values_list("made_by", "made_by_name").distinct()
    return sorted(found, key=lambda entry: entry[1])


def counts_by_state() -> dict[VoucherState, int]:
    """How many vouchers stand in each state, for the list of what is left to do."""
    found = (
        Voucher.objects.filter(entity_id=required_entity_id())
        .values("state")
        .order_by("state")
        .annotate(count=Count("id"))
    )
    return {VoucherState(entry["state"]): entry["count"] for entry in found}


# For whoever collects work (parameters: entity, user): the vouchers that `tasks` tells about.
VOUCHERS_WAIT = """EXISTS (SELECT FROM journal_vouchers_voucher WHERE entity_id = %(entity)s AND (state = 'submitted'
    OR state = 'returned' AND prepared_by @> to_jsonb(%(user)s) OR state = 'draft' AND made_by = %(user)s))"""


def tasks(*, actor: Actor) -> list[Task]:
    """What is left to do with vouchers for this actor, and which of her own wait for others."""
    mine = Q(prepared_by__contains=[actor.user_id])
    wanted = Q(state="returned") & mine | Q(state="draft", made_by=actor.user_id) | Q(state="submitted")
    found = Voucher.objects.filter(wanted, entity_id=required_entity_id()).order_by("saved_at")[:TASKS_MAX]
    rows = list(found)
    reasons = _last_reasons([row.id for row in rows if row.state == "returned"])
    return [task for row in rows if (task := _task(row, actor, reasons.get(row.id, ""))) is not None]


def _last_reasons(voucher_ids: list[UUID]) -> dict[UUID, str]:
    if not voucher_ids:
        return {}
    found = VoucherEvent.objects.filter(entity_id=required_entity_id(), voucher_id__in=voucher_ids).exclude(reason="")
    return dict(found.order_by("place").values_list("voucher_id", "reason"))


def _task(row: Voucher, actor: Actor, reason: str) -> Task | None:
    is_mine = actor.user_id in row.prepared_by
    if row.state == "submitted" and not is_mine and not may(actor, "journal_vouchers.post"):
        return None
    kind = row.state if row.state != "submitted" else "waiting" if is_mine else "post"
    urgency, title, icon = TASKS[kind]
    detail = reason or row.made_by_name
    titles = []
    for language in ("th", "en"):
        with override(language):
            titles.append(f"{title}: {row.description or gettext('no description yet')}")
    return Task(
        key=f"voucher:{row.id}",
        urgency=urgency,
        title_th=titles[0],
        title_en=titles[1],
        link=Link("journal_vouchers:detail", {"voucher_id": str(row.id)}),
        detail_th=detail,
        detail_en=detail,
        amount=Baht(row.total),
        icon=icon,
    )


def attachment_file(*, entity_id: int, sha256: str) -> Path:
    """Where the bytes of a file lie, outside everything the web server serves by itself."""
    return Path(settings.KHLANG_HOME) / "attachments" / str(entity_id) / sha256


def _attachment(row: Attachment) -> AttachmentView:
    return AttachmentView(
        row.id,
        row.voucher_id,
        row.name,
        row.media_type,
        row.size_bytes,
        row.sha256,
        row.attached_by_name,
        row.attached_at,
    )


def _row(row: Voucher) -> VoucherRow:
    return VoucherRow(
        voucher_id=row.id,
        revision=row.revision,
        state=VoucherState(row.state),
        kind=row.kind,
        day=row.voucher_date,
        description=row.description,
        total=Baht(row.total),
        made_by=row.made_by,
        made_by_name=row.made_by_name,
        saved_at=row.saved_at,
        journal=None if row.journal_year is None or row.journal_no is None else (row.journal_year, row.journal_no),
        journal_label=row.journal_label,
        reversal=None if row.reversal_year is None or row.reversal_no is None else (row.reversal_year, row.reversal_no),
        reversal_label=row.reversal_label,
    )
