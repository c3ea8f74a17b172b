"""The whole volume of an ordinance, or one part of it: cover, contents, parts, marks."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from khlang.budget.rules import OrdinanceState
from khlang.official_forms.rules.blocks import Block, heading_block, paragraph_blocks, title_block
from khlang.official_forms.rules.letters import data_fingerprint
from khlang.official_forms.rules.ordinance_details import revenue_details, spending_details
from khlang.official_forms.rules.ordinance_paper import OrdinancePaper, ordinance_document
from khlang.official_forms.rules.ordinance_tables import revenue_table, spending_table, work_tables
from khlang.official_forms.rules.ordinance_texts import (
    article_blocks,
    common,
    heads,
    law_title,
    principle_blocks,
    statement_blocks,
)
from khlang.official_forms.rules.paper import Printing, circumstances, text_for
from khlang.official_forms.rules.phrases import phrase, phrases

say = partial(phrase, "volume")
WHOLE: Final = "all"
LINES_TAGGED: Final = 200
"""Lines up to which the PDF is tagged for screen readers."""


def _works(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    yield title_block(printing, *heads(paper, say("parts", "works")))
    for plan, table in work_tables(paper, "", printing):
        yield heading_block(printing, plan)
        yield table


def _table(name: str, table: Callable[[OrdinancePaper, str, Printing], Block]) -> "Builder":
    def build(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
        yield title_block(printing, *heads(paper, say("parts", name)), say("words", "general"))
        yield table(paper, "", printing)

    return build


def _details(name: str, details: Callable[[OrdinancePaper, str, Printing], Iterator[Block]]) -> "Builder":
    def build(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
        yield title_block(printing, *heads(paper, say("parts", name)), say("words", "general"))
        found = list(details(paper, "", printing))
        yield from found or paragraph_blocks(printing, say("words", "empty"))

    return build


def _enterprises(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    for enterprise in paper.enterprises:
        name = say("words", "of_enterprise", name=paper.names.get(enterprise, enterprise))
        yield title_block(printing, *heads(paper, name))
        yield heading_block(printing, say("parts", "revenue"))
        yield revenue_table(paper, enterprise, printing)
        yield heading_block(printing, say("parts", "expenditure"))
        yield spending_table(paper, enterprise, printing)
        yield heading_block(printing, say("parts", "expenditure-details"))
        yield from spending_details(paper, enterprise, printing)


Builder = Callable[[OrdinancePaper, Printing], Iterator[Block]]
PARTS: Final[Mapping[str, tuple[str, bool, Builder]]] = {
    "statement": ("statement", False, statement_blocks),
    "principles": ("law", False, principle_blocks),
    "works": ("law", True, _works),
    "articles": ("law", False, article_blocks),
    "revenue": ("reports", True, _table("revenue", revenue_table)),
    "revenue-details": ("reports", False, _details("revenue-details", revenue_details)),
    "expenditure": ("reports", True, _table("expenditure", spending_table)),
    "expenditure-details": ("reports", False, _details("expenditure-details", spending_details)),
    "enterprises": ("enterprises", True, _enterprises),
}
"""Name of a part → its division of the volume, whether its pages lie on their side, what builds it."""
_OF_LAW = frozenset({"statement", "principles", "articles"})


def parts_of(paper: OrdinancePaper) -> tuple[str, ...]:
    """The parts that this ordinance has, in the order of the volume."""
    without = frozenset() if paper.is_law else _OF_LAW
    return tuple(name for name in PARTS if name not in without and (name != "enterprises" or paper.enterprises))


def ordinance_form(*, paper: OrdinancePaper, document: str, printing: Printing) -> dict[str, object]:
    """Describe the whole volume (`WHOLE`) or one part for the template `ordinance.typ`."""
    names = parts_of(paper) if document == WHOLE else (document,)
    data = ordinance_document(paper)
    facts = common(paper)
    return circumstances(printing, data_fingerprint(data)) | {
        "entity": paper.office.name,
        "title": text_for(printing, law_title(paper)),
        "watermark": mark_of(paper),
        "landscape": False,
        "tagged": len(paper.lines) <= LINES_TAGGED,
        "size": 11,
        "cover": [text_for(printing, line) for line in heads(paper, law_title(paper))] if document == WHOLE else [],
        "contents": text_for(printing, say("words", "contents")),
        "carry": {name: text_for(printing, say("words", name)) for name in ("brought", "carried")},
        "parts": [_part(name, paper, printing, facts["law"]) for name in names],
    }


def _part(name: str, paper: OrdinancePaper, printing: Printing, law: str) -> dict[str, object]:
    section, sideways, build = PARTS[name]
    order = list(phrases("volume")["sections"])
    title = law_title(paper) if name == "articles" else say("parts", name)
    number = say("words", "part", number=order.index(section) + 1)
    return {
        "title": text_for(printing, title),
        "section": text_for(printing, f"{number} {say('sections', section, law=law)}"),
        "landscape": sideways,
        "blocks": list(build(paper, printing)),
    }


def mark_of(paper: OrdinancePaper) -> str:
    """What is written across the pages: nothing once it is in force."""
    if paper.is_in_force:
        return ""
    state = paper.ordinance.state
    named = (OrdinanceState.LAPSED, OrdinanceState.REJECTED_1)
    return say("marks", str(state) if state in named else "draft")
