"""Translations: every English word on a page or in a command has its Thai.

Each area keeps `locale/th/LC_MESSAGES/django.po` beside its code.

messages.py extract   add new words to the catalogues, drop those no longer used, keep every translation
messages.py extract web cli   only these areas
messages.py compile   make the .mo files that are read at run time
messages.py check     fail when a word is missing, empty, doubtful, or has lost a placeholder
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "khlang"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HIDDEN = re.compile(r"""\bf["'].*\{(_|n?p?gettext)\(""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def areas() -> list[str]:
    """Areas with words to translate."""
    return sorted(folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and any(used_words(folder.name)))


def catalogue_path(area: str) -> Path:
    """Where the Thai of one area lies."""
    return PACKAGE / area / "locale" / "th" / "LC_MESSAGES" / "django.po"


def used_words(area: str) -> Iterator[tuple[str, int, Message]]:
    """Every marked word of an area: file, line, message."""
    folder = PACKAGE / area
    for path in sorted(
        [*folder.rglob("*.py"), *folder.rglob("templates/**/*.html"), *folder.rglob("templates/**/*.txt")]
    ):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Lines lose their indentation, which Python's tokenizer would take for blocks.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        for line, words, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
            if words:
                yield str(path.relative_to(PACKAGE.parent)), line, Message(words, context=context)


def read(path: Path) -> Catalog:
    """A catalogue, empty when there is no file yet."""
    if not path.exists():
        return Catalog(locale="th", project="khlang")
    with path.open("rb") as file:
        return read_po(file, locale="th")


def extract_all(*wanted: str) -> int:
    """Bring the catalogues of the areas asked for, or all of them, in step with the code."""
    for area in wanted or areas():
        path = catalogue_path(area)
        earlier, now = read(path), Catalog(locale="th", project="khlang", fuzzy=False)
        for file, line, message in used_words(area):
            known = earlier.get(message.id, message.context)
            kept = known.string if known is not None else None
            now.add(message.id, kept, locations=[(file, line)], context=message.context)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, now, width=0, omit_header=False, sort_output=True, include_lineno=False)
    return 0


def compile_all() -> int:
    """Compile every catalogue, doubtful translations left out."""
    for path in sorted(PACKAGE.rglob("LC_MESSAGES/*.po")):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale="th"))
    return 0


def hidden_words() -> Iterator[str]:
    """Words marked inside an f-string, which no extractor sees."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if HIDDEN.search(line):
                yield f"{path.relative_to(PACKAGE.parent)}:{number}: a word marked inside an f-string is never found"


def check_all() -> int:
    """Name every word whose Thai is not in order."""
    faults = [*hidden_words(), *(fault for area in areas() for fault in check(area))]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def check(area: str) -> Iterator[str]:
    """What is wrong with one area's Thai."""
    catalogue = read(catalogue_path(area))
    for file, line, message in used_words(area):
        found = catalogue.get(message.id, message.context)
        english = message.id if isinstance(message.id, str) else message.id[0]
        place = f"{file}:{line}: {english!r}"
        thai = (
            list(found.string) if found and isinstance(found.string, tuple | list) else [found.string if found else ""]
        )
        if found is None or not all(thai):
            yield f"{place} has no Thai"
        elif found.fuzzy:
            yield f"{place} has doubtful Thai (fuzzy)"
        elif any(
            sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(_longest(message.id))) for text in thai
        ):
            yield f"{place} has other placeholders in Thai"


def _longest(words: str | tuple[str, ...] | list[str]) -> str:
    """The English with every placeholder: of a pair, the plural."""
    return words if isinstance(words, str) else words[-1]


def main(arguments: list[str]) -> int:
    """Do what was asked."""
    settings.configure(USE_I18N=True)
    acts = {"extract": extract_all, "compile": compile_all, "check": check_all}
    act, *wanted = arguments or [""]
    if act not in acts or (wanted and act != "extract") or not set(wanted) <= set(areas()):
        print(__doc__, file=sys.stderr)
        return 2
    return acts[act](*wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
