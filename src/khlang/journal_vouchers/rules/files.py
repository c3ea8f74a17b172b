"""Which files may be attached: judged by their bytes, never by the name they claim."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise

FILE_BYTES_MAX = 10 * 2**20
FILES_MAX = 20
_NAME_CHARACTERS_MAX = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file we keep: its ending and the type it is served as."""

    ending: str
    media_type: str


PDF = FileKind("pdf", "application/pdf")
JPG = FileKind("jpg", "image/jpeg")
PNG = FileKind("png", "image/png")
XLSX = FileKind("xlsx", f"{_OFFICE}spreadsheetml.sheet")
DOCX = FileKind("docx", f"{_OFFICE}wordprocessingml.document")
KINDS_BY_ENDING = {kind.ending: kind for kind in (PDF, JPG, PNG, XLSX, DOCX)}

_SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPG), (b"\x89PNG\r\n\x1a\n", PNG))
_PARTS = (("xl/workbook.xml", XLSX), ("word/document.xml", DOCX))


def file_kind(content: bytes) -> FileKind | None:
    """The kind of a file by its content, or None when we do not keep such files. Nothing is unpacked."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as parcel:
            names = set(parcel.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    # A macro inside makes it another kind of file, whatever its ending says.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in _PARTS if part in names), None)


def check_file(*, name: str, content: bytes, files: int) -> Iterator[Refusal]:
    """Yield journal_vouchers.file_empty, .file_too_large, .file_kind, .too_many_files (R270: evidence of the voucher)."""
    if not content:
        yield Refusal("journal_vouchers.file_empty", {"name": name}, "file")
    elif len(content) > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 2**20
        yield Refusal("journal_vouchers.file_too_large", {"name": name, "limit": limit}, "file")
    elif file_kind(content) is None:
        yield Refusal("journal_vouchers.file_kind", {"name": name, "kinds": ", ".join(KINDS_BY_ENDING)}, "file")
    if files >= FILES_MAX:
        yield Refusal("journal_vouchers.too_many_files", {"limit": FILES_MAX}, "file")


def clean_file_name(name: str, kind: FileKind) -> str:
    """A name safe to show and to offer for saving, with the ending its content has."""
    stem = normalise(_UNSAFE.sub(" ", name)).strip(" .")
    head, dot, ending = stem.rpartition(".")
    if dot and ending.lower() in {kind.ending, "jpeg"}:
        stem = head
    return f"{stem[:_NAME_CHARACTERS_MAX].strip() or 'file'}.{kind.ending}"
