"""Every act that the code writes into the record has words, and so has every kind of document."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import khlang
from khlang.journal_vouchers.rules import Act
from khlang.kernel.refusals import catalogue

SOURCE = Path(khlang.__file__).parent
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
KIND = re.compile(r"([a-z_]+)(:.*)?$")
WRITERS = frozenset({"record", "_record", "record_reading"})
# Names that are permissions in the same functions, never acts of the record.
ASKERS = frozenset({"require", "may", "check", "people_who_may", "separate", "allowed"})


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts(node: ast.AST) -> Iterator[str]:
    """Quoted texts under a node; what is asked of the permission table is left out."""
    if isinstance(node, ast.Call) and name_of(node) in ASKERS:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from texts(child)


def writers(tree: ast.AST) -> Iterator[ast.AST]:
    """Functions that write into the record."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(call, ast.Call) and name_of(call) in WRITERS for call in ast.walk(node)
        ):
            yield node


def written_acts(root: Path) -> set[str]:
    """Names of acts in every function that writes into the record, in Python and in SQL."""
    found: set[str] = {f"journal_vouchers.{act}" for act in Act}
    for file in root.rglob("*.py"):
        areas = {folder.name for folder in root.iterdir()}
        for function in writers(ast.parse(file.read_text(encoding="utf-8"))):
            found |= {
                text
                for text in texts(function)
                if ACT.fullmatch(text) and text.split(".")[0] in areas and text not in catalogue()
            }
    for file in root.rglob("*.sql"):
        for call in re.findall(r"audit_record\(.*?p_request_id\)", file.read_text(encoding="utf-8"), re.DOTALL):
            found |= set(re.findall(r"'([a-z_]+\.[a-z_]+)'", call))
    return found


def document_kinds(root: Path) -> set[str]:
    """Kinds of documents: what stands before the colon in every `document=`."""
    found: set[str] = set()
    for file in root.rglob("commands/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "document":
                first = next(texts(node.value), "")
                if match := KIND.match(first):
                    found.add(match[1])
    return found


def words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((SOURCE / "oversight" / "acts.toml").read_text(encoding="utf-8"))


def test_every_act_of_the_record_has_words_in_both_languages() -> None:
    known = words()["acts"]

    assert sorted(written_acts(SOURCE) - set(known)) == [], "add a line to oversight/acts.toml"
    assert all(entry["th"] and entry["en"] for entry in known.values())


def test_every_kind_of_document_has_words() -> None:
    assert {"voucher", "import", "period", "person"} <= document_kinds(SOURCE)
    assert sorted(document_kinds(SOURCE) - set(words()["documents"])) == [], "add a line to oversight/acts.toml"


def test_an_act_without_words_is_seen(tmp_path: Path) -> None:
    area = tmp_path / "treasury" / "commands"
    area.mkdir(parents=True)
    (area / "pay.py").write_text(
        "def pay(actor):\n    require(actor, 'treasury.pay_all')\n    audit.record(actor=actor, act='treasury.pay',"
        " document=f'cheque:{1}')\n"
    )

    assert written_acts(tmp_path) - {f"journal_vouchers.{act}" for act in Act} == {"treasury.pay"}
    assert document_kinds(tmp_path) == {"cheque"}
