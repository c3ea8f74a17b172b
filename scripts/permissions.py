"""The table of rights as a document: docs/permissions.md, made from identity/permissions.py.

permissions.py write    make the document anew
permissions.py check    fail when it no longer says what the table says
"""

import sys
from pathlib import Path

from khlang.identity.permissions import PERMISSIONS
from khlang.identity.rules import PAIRS, Duty, Role, act_words, hat_words

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """# Table of rights (ตารางสิทธิ)

Made by `scripts/permissions.py write` from `src/khlang/identity/permissions.py`, which alone decides: every page, command,
file and API operation asks it. The same table is on the page `/<entity>/permissions/`. Do not edit by hand.

## Acts and who may do them

“proof” asks for a new proof of identity when the last one is older than some minutes. The server's operator may do
everything, from the command line only, and the record says so.
"""


def document() -> str:
    """The whole text."""
    lines = [HEAD, "| Act | การกระทำ | Who may | ผู้มีสิทธิ | Proof |", "|---|---|---|---|---|"]
    for permission in PERMISSIONS:
        act = act_words(permission.act)
        hats = [hat for hat in [*Role, *Duty] if hat in permission.hats]
        english, thai = ("; ".join(getattr(hat_words(hat), name) for hat in hats) for name in ("en", "th"))
        proof = "yes" if permission.step_up else ""
        lines.append(f"| `{permission.act}` {act.en} | {act.th} | {english} | {thai} | {proof} |")
    lines += ["", "## Roles and duties", "", "| Hat | ชื่อ | Does | ทำอะไร | By | Rule |", "|---|---|---|---|---|---|"]
    for hat in [*Role, *Duty]:
        words = hat_words(hat)
        basis = "order" if hat in set(Duty) else "position, or order of acting or delegation"
        basis = {Role.VISITOR: "recorded visit", Role.OPERATOR: "the server"}.get(hat, basis)  # type: ignore[call-overload]
        lines.append(f"| {words.en} | {words.th} | {words.does_en} | {words.does_th} | {basis} | {words.rule} |")
    lines += ["", "## Steps of one transaction that two people take", "", "| Rule | Step | Step |", "|---|---|---|"]
    lines += [f"| {pair.rule} | {pair.first} | {pair.second} |" for pair in PAIRS]
    return "\n".join(lines) + "\n"


def main(order: str) -> int:
    """Write, or check."""
    text = document()
    if order == "write":
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    sys.stdout.write(f"{DOCUMENT.name} is not what the table says: run scripts/permissions.py write\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
