"""What the page of moving over sends: which division owns which work, and from which day."""

import re
from collections.abc import Mapping

_FIELD = re.compile(r"division\.(\d{5}|all)")


def divisions_form(fields: Mapping[str, str]) -> dict[str, str]:
    """Work to division; "" for every work that names none."""
    found = {}
    for name, text in fields.items():
        field = _FIELD.fullmatch(name)
        if field and text.strip():
            found["" if field[1] == "all" else field[1]] = text.strip()[:20]
    return found
