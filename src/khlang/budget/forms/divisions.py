"""What the pages of divisions and enterprises send."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedForm:
    """A code with its name, and whether lines may be drafted for it."""

    code: str
    name_th: str
    is_open: bool


def named_form(fields: Mapping[str, str]) -> NamedForm:
    """Read a code and a name."""
    code = fields.get("code", "").strip().upper()[:20]
    return NamedForm(code, fields.get("name_th", "").strip()[:200], fields.get("is_open", "1") == "1")


def user_number(fields: Mapping[str, str]) -> int:
    """The number of the person chosen; 0, which nobody has, when it is none."""
    text = fields.get("user_id", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("9223372036854775807") else 0
