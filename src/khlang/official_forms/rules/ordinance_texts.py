"""The words of an ordinance: statement to the council, principle and reason, the articles (R82, R86, R116)."""

from collections.abc import Iterator
from functools import partial

from khlang.budget.rules import OrdinanceKind, OrdinanceState
from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.thai_text import baht_words
from khlang.official_forms.rules.blocks import Block, heading_block, paragraph_blocks, signature_block, title_block
from khlang.official_forms.rules.letters import letter_day, sitting
from khlang.official_forms.rules.ordinance_paper import OrdinancePaper
from khlang.official_forms.rules.ordinance_tables import plan_table, revenue_summary, spending_summary
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.phrases import phrase

say = partial(phrase, "volume")


def common(paper: OrdinancePaper) -> dict[str, str]:
    """The facts that most phrases name."""
    office = paper.office
    return {
        "office": office.name,
        "council": office.council,
        "head": office.head,
        "law": office.law,
        "act": office.act,
        "supervisor": office.supervisor,
        "kind": say("kinds", paper.ordinance.kind, number=paper.ordinance.number),
        "year": say("words", "year", year=paper.fiscal_year),
    }


def law_title(paper: OrdinancePaper) -> str:
    """What the ordinance is called; a draft until its executive signed it."""
    facts = common(paper)
    if not paper.is_law:
        return facts["kind"]
    signed = paper.is_in_force or paper.ordinance.step(OrdinanceState.SIGNED) is not None
    law = facts["law"] if signed else say("words", "draft", law=facts["law"])
    return say("words", "law", law=law, kind=facts["kind"])


def heads(paper: OrdinancePaper, title: str) -> list[str]:
    """The lines above a part: its title, the year, whose it is."""
    lines = [title, common(paper)["year"], paper.office.name]
    return [*lines, say("words", "province", province=paper.office.province)] if paper.office.province else lines


def statement_blocks(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    """The executive's statement with revenue by category and expenditure by budget."""
    facts = common(paper)
    yield title_block(printing, *heads(paper, say("parts", "statement")))
    yield heading_block(printing, say("statement", "greeting", **facts))
    yield from paragraph_blocks(printing, say("statement", "opening", **facts))
    yield from paragraph_blocks(printing, paper.ordinance.statement)
    yield from paragraph_blocks(
        printing, say("statement", "revenue", year=facts["year"], amount=paper.revenue("").display())
    )
    yield revenue_summary(paper, printing)
    yield from paragraph_blocks(
        printing, say("statement", "spending", year=facts["year"], amount=paper.total("").display())
    )
    yield spending_summary(paper, printing)
    for enterprise in paper.enterprises:
        words = {"name": paper.names.get(enterprise, enterprise), "amount": paper.total(enterprise).display()}
        yield from paragraph_blocks(printing, say("statement", "enterprise", **words))
    yield from paragraph_blocks(printing, say("statement", "closing"))
    yield signature_block(printing, role=phrase("letters", "days", "signed"), title=paper.office.head)


def principle_blocks(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    """Principle and reason, with what each side and plan takes."""
    facts = common(paper)
    attached = say("principles", "attached", **facts)
    yield title_block(printing, say("parts", "principles"), attached, *heads(paper, "")[1:])
    yield heading_block(printing, say("principles", "principle"))
    principle = paper.ordinance.principle or say("principles", "default_principle", **facts)
    yield from paragraph_blocks(printing, principle)
    yield from paragraph_blocks(printing, say("principles", "total", amount=paper.total().display()))
    yield from paragraph_blocks(printing, say("principles", "general", amount=paper.total("").display()))
    yield plan_table(paper, "", printing)
    for enterprise in paper.enterprises:
        words = {"name": paper.names.get(enterprise, enterprise), "amount": paper.total(enterprise).display()}
        yield from paragraph_blocks(printing, say("statement", "enterprise", **words))
    yield heading_block(printing, say("principles", "reason"))
    yield from paragraph_blocks(printing, paper.ordinance.reason or say("principles", "default_reason", **facts))
    yield signature_block(printing, role=phrase("letters", "days", "signed"), title=paper.office.head)


def article_blocks(paper: OrdinancePaper, printing: Printing) -> Iterator[Block]:
    """The ordinance itself, article by article, and who signs and approves it."""
    facts = common(paper)
    subject = say("articles", "subject", **facts)
    draft = law_title(paper).removesuffix(facts["kind"])
    yield title_block(printing, f"{draft}{paper.office.name}", subject, *heads(paper, "")[3:])
    yield from paragraph_blocks(printing, say("articles", "preamble", **facts))
    number = 0
    for article in _articles(paper, facts):
        if isinstance(article, str):
            number += 1
            yield from paragraph_blocks(printing, f"{say('articles', 'number', number=number)}  {article}")
        else:
            yield plan_table(paper, "", printing)
    yield from _end(paper, facts, printing)


def _articles(paper: OrdinancePaper, facts: dict[str, str]) -> Iterator[str | None]:
    yield say("articles", "name", **facts)
    if paper.effective_on or paper.ordinance.kind is OrdinanceKind.ANNUAL:
        day = paper.effective_on or year_start(paper.fiscal_year)
        yield say("articles", "force", law=facts["law"], day=letter_day(day))
    else:
        yield say("articles", "force_on_announcement", law=facts["law"])
    total = paper.total()
    yield say("articles", "total", **facts, amount=total.display(), words=baht_words(total))
    general = paper.total("").display()
    if paper.ordinance.kind is OrdinanceKind.SUPPLEMENTARY:
        source = paper.ordinance.money_source.strip() or say("articles", "source_missing")
        yield say("articles", "additional", source=source, amount=general)
    else:
        yield say("articles", "general", amount=general)
    yield None
    for enterprise in paper.enterprises:
        name = paper.names.get(enterprise, enterprise)
        yield say("articles", "enterprise", name=name, amount=paper.total(enterprise).display())
    yield say("articles", "spend", **facts)
    yield say("articles", "charge", **facts)


def _end(paper: OrdinancePaper, facts: dict[str, str], printing: Printing) -> Iterator[Block]:
    announced = paper.ordinance.step(OrdinanceState.ANNOUNCED) or paper.ordinance.step(OrdinanceState.SIGNED)
    day = letter_day(announced.happened_on) if announced else say("articles", "blank_day")
    role = phrase("letters", "days", "signed")
    yield from paragraph_blocks(printing, "\n".join(_agreed(paper, facts)))
    yield signature_block(printing, role=role, title=facts["head"], dated=say("articles", "announced", day=day))
    yield signature_block(printing, role=role, title=facts["supervisor"], dated=say("articles", "approved"))


def _agreed(paper: OrdinancePaper, facts: dict[str, str]) -> Iterator[str]:
    """What council and supervisor said, as far as they did."""
    council, supervisor = (paper.ordinance.step(state) for state in (OrdinanceState.READING_3, OrdinanceState.APPROVED))
    if council:
        day = letter_day(council.happened_on)
        yield say(
            "articles", "council_said", council=facts["council"], number=sitting(council.document_number), day=day
        )
    if supervisor:
        said = say(
            "articles", "supervisor_said", supervisor=facts["supervisor"], day=letter_day(supervisor.happened_on)
        )
        number = supervisor.document_number
        yield f"{said} {say('articles', 'letter', number=number)}" if number else said
