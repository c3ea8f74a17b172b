"""Which files may be attached, and how many."""

from collections.abc import Iterator

from khlang.kernel.file_kinds import KINDS_BY_ENDING, check_hidden, file_kind
from khlang.kernel.refusals import Refusal

FILE_BYTES_MAX = 10 * 2**20
FILES_MAX = 20


def check_file(*, name: str, content: bytes, files: int) -> Iterator[Refusal]:
    """Yield journal_vouchers.file_empty, .file_too_large, .file_kind, .too_many_files (R270: evidence of the voucher).

    A file of a kind we keep may still hide another: kernel.file_* of `check_hidden`.
    """
    if not content:
        yield Refusal("journal_vouchers.file_empty", {"name": name}, "file")
    elif len(content) > FILE_BYTES_MAX:
        limit = FILE_BYTES_MAX // 2**20
        yield Refusal("journal_vouchers.file_too_large", {"name": name, "limit": limit}, "file")
    elif file_kind(content) is None:
        yield Refusal("journal_vouchers.file_kind", {"name": name, "kinds": ", ".join(KINDS_BY_ENDING)}, "file")
    else:
        yield from check_hidden(name=name, content=content)
    if files >= FILES_MAX:
        yield Refusal("journal_vouchers.too_many_files", {"limit": FILES_MAX}, "file")
