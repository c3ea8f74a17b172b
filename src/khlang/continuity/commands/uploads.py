"""Take a file in: on disk first, then the row that names it."""

import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from khlang.audit import commands as audit
from khlang.continuity import queries
from khlang.continuity.models import Import
from khlang.continuity.rules.layouts import limit
from khlang.continuity.rules.states import ImportState
from khlang.continuity.rules.views import ImportView
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.file_kinds import check_name
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise
from khlang.toolkit import uploads
from khlang.toolkit.tenancy import entity_transaction

_NAME_MAX = 120


def upload(
    *,
    actor: Actor,
    import_id: UUID,
    file_name: str,
    chunks: Iterable[bytes],
    at: datetime,
    mode: str = "journals",
    fiscal_year: int | None = None,
    converts_old_codes: bool = False,
    compare_to: date | None = None,
) -> ImportView:
    """Keep a file and begin its import; the same `import_id` again gives the first answer (a double click).

    The file lies outside the web root, under the entity's own folder. Refuses continuity.file_too_large, .file_empty,
    kernel.file_name_misleads, toolkit.file_infected, .scanner_failed.
    """
    require(actor, "continuity.import")
    with entity_transaction(actor.entity_id):
        known = queries.known_import(import_id=import_id)
    if known is not None:
        return known
    name = normalise(Path(file_name.replace("\\", "/")).name)[-_NAME_MAX:] or "file"
    relative = Path("attachments") / str(actor.entity_id) / "imports" / f"{import_id}{_ending(name)}"
    kept = _store(Path(settings.KHLANG_HOME) / relative, chunks, name=name)
    choices = {"mode": mode, "fiscal_year": fiscal_year, "converts_old_codes": converts_old_codes}
    file = {"file_name": name, "file_size": kept.size, "file_sha256": kept.sha256}
    made = {"made_by": actor.user_id, "made_by_name": actor.name, "made_at": at, "beat_at": at}
    fields = {**choices, **file, **made, "compare_to": compare_to, "file_path": str(relative)}
    with entity_transaction(actor.entity_id):
        Import.objects.get_or_create(
            entity_id=actor.entity_id, id=import_id, defaults={**fields, "state": str(ImportState.UPLOADED)}
        )
        facts = {"file": name, "size": kept.size, "sha256": kept.sha256, "mode": mode}
        audit.record(actor=actor, act="continuity.upload", document=f"import:{import_id}", facts=facts)
        return queries.import_(import_id=import_id)


def _ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    return ending if ending.isascii() and ending[1:].isalnum() else ""


def _store(path: Path, chunks: Iterable[bytes], *, name: str) -> uploads.Kept:
    """Keep the whole file or nothing of it."""
    refuse_any(check_name(name))
    allowed = limit("text", "file_bytes_max")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_room(path.parent)
    kept = uploads.keep(path, chunks, name=name, limit=allowed)
    if kept is None:
        facts = {"size": f"> {allowed // 2**20} MB", "limit": f"{allowed // 2**20} MB"}
        raise Refused(Refusal("continuity.file_too_large", facts))
    if not kept.size:
        path.unlink()
        raise Refused(Refusal("continuity.file_empty"))
    return kept


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < limit("text", "disk_free_bytes_min"):
        raise Refused(Refusal("continuity.disk_full", {"free": f"{free // 2**20:,} MB"}))
