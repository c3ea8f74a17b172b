"""Reads .csv and .jsonl as a stream: the encoding is found out and said, a line has a longest length."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from khlang.continuity.rules.layouts import limit
from khlang.continuity.rules.values import Cell
from khlang.kernel.refusals import Refusal, Refused

Row = tuple[int, tuple[Cell, ...]]
_SAMPLE = 1 << 16
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", ";", "\t", "|")
_BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file whose encoding is known."""

    path: Path
    encoding: str

    def open(self) -> TextIO:
        """Open it for reading; line ends stay as they are."""
        return self.path.open("r", encoding=self.encoding, newline="")


def text_file(path: Path) -> TextFile:
    """Find out how a text file is written: UTF-8, UTF-16 or the Thai code page of Windows (cp874).

    Refuses continuity.file_too_large, .file_empty, .file_cut, .not_text, .encoding_unknown.
    """
    size = path.stat().st_size
    if size > limit("text", "file_bytes_max"):
        mb = {"size": f"{size // 2**20:,} MB", "limit": f"{limit('text', 'file_bytes_max') // 2**20:,} MB"}
        raise Refused(Refusal("continuity.file_too_large", mb))
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if not start.strip():
        raise Refused(Refusal("continuity.file_empty"))
    for sign, encoding in _MARKS:
        if start.startswith(sign):
            return TextFile(path, encoding)
    if _BINARY & set(start):
        raise Refused(Refusal("continuity.not_text"))
    for encoding in ("utf-8", "cp874"):
        if _decodes(path, encoding):
            return TextFile(path, encoding)
    raise Refused(Refusal("continuity.encoding_unknown"))


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file can be read so; one wrong byte on the last page is still a wrong byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_SAMPLE):
                decoder.decode(piece)
        except UnicodeDecodeError:
            return False
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            # All is well up to the last letter, of which a part is missing: the file was cut off.
            raise Refused(Refusal("continuity.file_cut")) from None
    return True


def csv_rows(file: TextFile) -> Iterator[Row]:
    """Every record of a csv with the number of the line on which it begins."""
    with file.open() as text:
        delimiter = _delimiter(text)
        records = csv.reader(_measured(text), delimiter=delimiter, strict=False)
        line = 1
        try:
            for record in records:
                yield line, tuple(record)
                line = records.line_num + 1
        except csv.Error as fault:
            raise Refused(Refusal("continuity.line_not_csv", {"line": line}, str(line))) from fault


def _delimiter(text: TextIO) -> str:
    """The sign that the first line with words uses most."""
    start = text.readline(_SAMPLE)
    text.seek(0)
    if start.startswith("\ufeff"):
        text.read(1)
    return max(_DELIMITERS, key=start.count)


def json_lines(file: TextFile) -> Iterator[tuple[int, str]]:
    """Every line with its number."""
    with file.open() as text:
        yield from enumerate(_measured(text), start=1)


def _measured(text: TextIO) -> Iterator[str]:
    """Lines, none longer than allowed: a file without line ends must not fill the memory."""
    allowed = limit("text", "line_characters_max")
    number = 0
    while line := text.readline(allowed + 1):
        number += 1
        if len(line) > allowed:
            raise Refused(Refusal("continuity.line_too_long", {"line": number, "limit": allowed}, str(number)))
        yield line
