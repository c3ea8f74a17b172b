"""What a file is, judged by its bytes and never by the name it claims, and whether it hides a second one."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise

UNPACKED_BYTES_MAX = 100 * 2**20
PARTS_MAX = 5_000
_HEAD_BYTES = 1024
_PIECE = 1 << 20
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
# What makes a browser or a server take a picture for a page or a program.
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|script|iframe|svg|\?php|%@)|<\?php", re.IGNORECASE)
_DANGEROUS = frozenset(
    {"app", "bat", "chm", "cmd", "com", "cpl", "dll", "docm", "dotm", "exe", "hta", "htm", "html", "jar", "js", "jse"}
    | {"lnk", "mht", "msi", "php", "pif", "ps1", "reg", "scr", "sh", "shtml", "svg", "url", "vb", "vbe", "vbs", "wsf"}
)
_DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError)


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
    except _DAMAGED:
        return None
    # A macro inside makes it another kind of file, whatever its ending says.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in _PARTS if part in names), None)


def check_hidden(*, name: str, content: bytes) -> Iterator[Refusal]:
    """Yield why a file of a kind we keep is more than it looks.

    kernel.file_name_misleads {name, ending}: an ending that a computer would run or open as a page.
    kernel.file_hides_another {name}: a second file in front, behind or within the first.
    kernel.file_path_inside {name, inside}: a part that would be unpacked elsewhere.
    kernel.file_unpacks_too_large {name, limit}: a bomb. kernel.file_damaged {name}.
    """
    yield from check_name(name)
    if content.startswith(b"PK"):
        yield from _check_parcel(name, content)
    elif _is_page(content) or _holds_parcel(content):
        yield Refusal("kernel.file_hides_another", {"name": name}, "file")


def check_name(name: str) -> Iterator[Refusal]:
    """Yield kernel.file_name_misleads for an ending that a computer would run: the last, or the one it hides behind."""
    endings = [ending.strip().lower() for ending in normalise(name).split(".")[1:][-2:]]
    # "www.bank.com.pdf" is how people name what they printed.
    found = next((each for each in endings if each in _DANGEROUS and (each != "com" or each == endings[-1])), None)
    if found is not None:
        yield Refusal("kernel.file_name_misleads", {"name": name, "ending": found}, "file")


def _is_page(content: bytes) -> bool:
    """Words of a page or a program at the head, after the end of a PDF, or anywhere in a picture."""
    if not content.startswith(b"%PDF-"):
        return bool(_PAGE.search(content))
    end = content.rfind(b"%%EOF")
    return bool(_PAGE.search(content[:_HEAD_BYTES]) or (end >= 0 and _PAGE.search(content[end:])))


def _holds_parcel(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parcel:
            return bool(parcel.namelist())
    except _DAMAGED:
        return False


def _check_parcel(name: str, content: bytes) -> Iterator[Refusal]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parcel:
            yield from _check_parts(name, content, parcel)
    except _DAMAGED:
        yield Refusal("kernel.file_damaged", {"name": name}, "file")


def _check_parts(name: str, content: bytes, parcel: zipfile.ZipFile) -> Iterator[Refusal]:
    parts = parcel.infolist()
    places = [part.header_offset for part in parts]
    names = [part.filename for part in parts]
    # Office writes the first part at the first byte, nothing after the last, and no part twice.
    is_whole = content[-22:-18] == b"PK\x05\x06" and min(places, default=1) == 0 and not parcel.comment
    if not is_whole or len(set(names)) != len(names):
        yield Refusal("kernel.file_hides_another", {"name": name}, "file")
        return
    away = next((each for each in names if leads_away(inside=each)), None)
    if away is not None:
        yield Refusal("kernel.file_path_inside", {"name": name, "inside": away[:_NAME_CHARACTERS_MAX]}, "file")
        return
    if len(parts) > PARTS_MAX or not _fits(parcel, parts):
        limit = UNPACKED_BYTES_MAX // 2**20
        yield Refusal("kernel.file_unpacks_too_large", {"name": name, "limit": limit}, "file")


def leads_away(*, inside: str) -> bool:
    """Whether unpacking a part of this name would write outside the folder."""
    return inside.startswith(("/", "\\")) or ":" in inside or "\\" in inside or ".." in inside.split("/")


def _fits(parcel: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Counted while unpacking: what a parcel says of itself is not believed."""
    left = UNPACKED_BYTES_MAX
    if sum(part.file_size for part in parts) > left:
        return False
    for part in parts:
        with parcel.open(part) as stream:
            while piece := stream.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    return False
    return True


def clean_file_name(name: str, kind: FileKind) -> str:
    """A name safe to show and to offer for saving, with the ending its content has."""
    stem = normalise(_UNSAFE.sub(" ", name)).strip(" .")
    head, dot, ending = stem.rpartition(".")
    if dot and ending.lower() in {kind.ending, "jpeg"}:
        stem = head
    return f"{stem[:_NAME_CHARACTERS_MAX].strip() or 'file'}.{kind.ending}"
