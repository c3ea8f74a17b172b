"""Is the zip around a workbook safe to open? Everything is counted while unzipping; the header's word is not taken."""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from khlang.continuity.rules.layouts import limit
from khlang.kernel.file_kinds import leads_away
from khlang.kernel.refusals import Refusal, Refused

_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<26xHH")
_DEFLATED, _STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED
_NEEDED = ("[Content_Types].xml", "xl/workbook.xml")
_ENCRYPTED_BIT = 0x1
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_parcel(path: Path) -> None:
    """Refuse a workbook that is too large, a bomb, damaged, locked with a password, or no workbook at all.

    Refuses continuity.file_too_large {size, limit}, .zip_bomb {size, limit}, .file_damaged, .file_locked, .not_a_workbook,
    kernel.file_path_inside {name, inside}.
    """
    size = path.stat().st_size
    if size > limit("workbook", "file_bytes_max"):
        raise Refused(
            Refusal("continuity.file_too_large", {"size": _mb(size), "limit": _mb(limit("workbook", "file_bytes_max"))})
        )
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE_MAGIC:
        raise Refused(Refusal("continuity.file_locked"))
    if not start.startswith(b"PK"):
        raise Refused(Refusal("continuity.not_a_workbook"))
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(members)
        with path.open("rb") as file:
            _count_unzipped(file, members)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError) as fault:
        raise Refused(Refusal("continuity.file_damaged")) from fault


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    if any(name not in names for name in _NEEDED):
        raise Refused(Refusal("continuity.not_a_workbook"))
    away = next((name for name in names if leads_away(inside=name)), None)
    if away is not None:
        raise Refused(Refusal("kernel.file_path_inside", {"name": "xlsx", "inside": away[:80]}))
    if len(members) > limit("workbook", "members_max"):
        raise Refused(
            Refusal("continuity.zip_bomb", {"size": _mb(sum(m.file_size for m in members)), "limit": _allowed()})
        )
    declared = sum(member.file_size for member in members)
    if declared > limit("workbook", "unzipped_bytes_max"):
        raise Refused(Refusal("continuity.zip_bomb", {"size": _mb(declared), "limit": _allowed()}))
    if any(member.flag_bits & _ENCRYPTED_BIT for member in members):
        raise Refused(Refusal("continuity.file_locked"))


def _count_unzipped(file: BinaryIO, members: list[zipfile.ZipInfo]) -> None:
    total = 0
    for member in members:
        found = _unzipped_size(file, member, limit("workbook", "unzipped_bytes_max") - total)
        total += found
        if found != member.file_size:
            raise Refused(Refusal("continuity.file_damaged"))


def _unzipped_size(file: BinaryIO, member: zipfile.ZipInfo, room: int) -> int:
    file.seek(member.header_offset)
    name_length, extra_length = _LOCAL_HEADER.unpack(file.read(30))
    file.seek(name_length + extra_length, 1)
    if member.compress_type == _STORED:
        return member.compress_size
    if member.compress_type != _DEFLATED:
        raise Refused(Refusal("continuity.not_a_workbook"))
    unpacker, left, size = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
    ratio, from_bytes = limit("workbook", "ratio_max"), limit("workbook", "ratio_applies_from_bytes")
    while left > 0 and not unpacker.eof:
        piece = file.read(min(_CHUNK, left))
        if not piece:
            raise EOFError
        left -= len(piece)
        while piece and not unpacker.eof:
            size += len(unpacker.decompress(piece, _CHUNK))
            piece = unpacker.unconsumed_tail
            if size > room or (size > from_bytes and size > ratio * member.compress_size):
                raise Refused(Refusal("continuity.zip_bomb", {"size": _mb(size), "limit": _allowed()}))
    if not unpacker.eof:
        raise EOFError
    return size


def _allowed() -> str:
    return _mb(limit("workbook", "unzipped_bytes_max"))


def _mb(size: int) -> str:
    return f"{max(1, -(-size // 2**20)):,} MB"
