"""What a budget line is: its identity, its explanation, how its kind is treated, its printed code. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise
from khlang.reference.rules import BudgetLineKind

INVESTMENT = "investment"
BY_ITEM = "item"
TEXT_CHARACTERS_MAX = 4000
_CODE_BEGINS = "99"
_WORK, _TYPE, _CODE = 5, 7, 16


@dataclass(frozen=True, slots=True)
class Explanation:
    """The binding explanation of a line (R77): structured, and the text as it is printed.

    `nature`, `quantity`, `quality` and `place` decide who may change them (R112, R113). `unit_price` is text as typed.
    """

    text: str = ""
    nature: str = ""
    quantity: str = ""
    quality: str = ""
    place: str = ""
    unit_price: str = ""
    legal_basis: str = ""
    plan_reference: str = ""

    def as_json(self) -> dict[str, str]:
        """The same as a plain dictionary, for keeping."""
        return {name: text for name, text in asdict(self).items() if text}


def explanation_of(value: Mapping[str, Any]) -> Explanation:
    """Read an explanation kept or sent as JSON, in normal spelling; what is missing is empty."""
    names = [each.name for each in fields(Explanation)]
    return Explanation(**{name: normalise(str(value.get(name) or "")) for name in names})


NO_EXPLANATION = Explanation()


@dataclass(frozen=True, slots=True)
class LineIdentity:
    """What makes a line this line and no other, within a fiscal year (R70, R72)."""

    division: str
    work: str
    budget_type: str
    fund_source: str
    item: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a line is treated, from the list of line kinds (R14, R76, R78, R102, R118)."""

    control_level: str
    nature: str
    is_personnel: bool
    is_subsidy: bool
    needs_plan_reference: bool

    @property
    def is_investment(self) -> bool:
        """Whether it is money for investment (R76)."""
        return self.nature == INVESTMENT


def treatment(*, budget_type: str, is_project: bool, kinds: Iterable[BudgetLineKind]) -> Treatment | None:
    """How lines of a type are treated: the kind with the longest matching selector, and the one of projects on top.

    None when no kind matches: the type is not one of expenditure.
    """
    fitting = [kind for kind in kinds if budget_type.startswith(kind.selector)]
    own = max((kind for kind in fitting if not kind.for_projects), key=lambda kind: len(kind.selector), default=None)
    if own is None:
        return None
    both = [own, *(kind for kind in fitting if kind.for_projects and is_project)]
    return Treatment(
        control_level=BY_ITEM if any(kind.control_level == BY_ITEM for kind in both) else own.control_level,
        nature=own.nature,
        is_personnel=own.is_personnel,
        is_subsidy=own.is_subsidy,
        needs_plan_reference=any(kind.needs_plan_reference for kind in both),
    )


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as drafted: who owns it, where it stands, how much (baht), what for."""

    identity: LineIdentity
    amount: Baht
    explanation: Explanation = NO_EXPLANATION
    is_project: bool = False


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the codes of a line mean in its year."""

    works: Mapping[str, str]
    types: Mapping[str, str]
    fund_sources: frozenset[str]
    divisions: frozenset[str]
    enterprises: frozenset[str]
    kinds: tuple[BudgetLineKind, ...]

    def treatment(self, *, budget_type: str, is_project: bool) -> Treatment | None:
        """How a line is treated."""
        return treatment(budget_type=budget_type, is_project=is_project, kinds=self.kinds)


def check_line(draft: LineDraft, facts: LineFacts, *, where: str = "") -> Iterator[Refusal]:
    """Yield every reason why a line cannot stand in an ordinance, most basic first (R72, R77, R78, R80).

    A draft may still miss its plan reference; an ordinance that is put together may not (check_ordinance).
    """
    at = f"{where}." if where else ""
    identity = draft.identity
    known: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("division", identity.division, facts.divisions),
        ("work", identity.work, facts.works),
        ("budget_type", identity.budget_type, facts.types),
        ("fund_source", identity.fund_source, facts.fund_sources),
        ("enterprise", identity.enterprise, {"", *facts.enterprises}),
    )
    for name, code, codes in known:
        if code not in codes:
            yield Refusal("budget.code_unknown", {"list": name, "code": code or "-"}, f"{at}{name}")
    if draft.amount < ZERO:
        yield Refusal("budget.amount_not_right", {"amount": str(draft.amount)}, f"{at}amount")
    treated = facts.treatment(budget_type=identity.budget_type, is_project=draft.is_project)
    if treated and treated.control_level == BY_ITEM and not identity.item:
        yield Refusal("budget.item_missing", {"type": facts.types.get(identity.budget_type, "-")}, f"{at}item")
    longest = max(map(len, (identity.item, *asdict(draft.explanation).values())))
    if longest > TEXT_CHARACTERS_MAX:
        yield Refusal("budget.text_too_long", {"characters": longest, "limit": TEXT_CHARACTERS_MAX}, f"{at}explanation")


def control_identity(draft: LineDraft, treated: Treatment) -> LineIdentity:
    """The identity of the line by which money is counted: with its item, or without where the type is counted."""
    identity = draft.identity
    if treated.control_level == BY_ITEM:
        return identity
    return LineIdentity(
        identity.division, identity.work, identity.budget_type, identity.fund_source, "", identity.enterprise
    )


@dataclass(frozen=True, slots=True)
class ControlLine:
    """Drafted lines that are counted together, with their sum and what is explained of each."""

    identity: LineIdentity
    treatment: Treatment
    is_project: bool
    amount: Baht
    explanations: tuple[Explanation, ...]
    draft_ids: tuple[str, ...] = ()

    def explanation(self) -> dict[str, Any]:
        """What binds the line: its one explanation, or all of them where several items are counted together."""
        kept = [each.as_json() for each in self.explanations]
        return kept[0] if len(kept) == 1 else {"items": kept, "text": "\n".join(e.text for e in self.explanations)}


def control_lines(drafts: Iterable[tuple[str, LineDraft]], facts: LineFacts) -> list[ControlLine]:
    """Put drafts together at the level at which they are counted (R118), in the order of work and type.

    Lines of unknown type must have been refused before (check_line).
    """
    found: dict[LineIdentity, ControlLine] = {}
    for draft_id, draft in drafts:
        treated = facts.treatment(budget_type=draft.identity.budget_type, is_project=draft.is_project)
        if treated is None:
            raise ValueError(f"no line kind for {draft.identity.budget_type}")
        identity = control_identity(draft, treated)
        before = found.get(identity)
        named = _with_item(draft, treated)
        found[identity] = ControlLine(
            identity,
            treated,
            draft.is_project or bool(before and before.is_project),
            draft.amount + (before.amount if before else ZERO),
            (*(before.explanations if before else ()), named),
            (*(before.draft_ids if before else ()), draft_id),
        )
    return sorted(found.values(), key=lambda line: _order(line.identity))


def _with_item(draft: LineDraft, treated: Treatment) -> Explanation:
    """Where the type is counted, the item lives on as the first words of its explanation."""
    if treated.control_level == BY_ITEM or not draft.identity.item:
        return draft.explanation
    text = " ".join(filter(None, (draft.identity.item, draft.explanation.text)))
    return explanation_of({**draft.explanation.as_json(), "text": text})


def _order(identity: LineIdentity) -> tuple[str, ...]:
    return (
        identity.enterprise,
        identity.work,
        identity.budget_type,
        identity.division,
        identity.item,
        identity.fund_source,
    )


def code_stem(*, fiscal_year: int, work: str, budget_type: str) -> str:
    """The first fourteen digits of a budget code as e-LAAS prints it: 99, year, work, type."""
    return f"{_CODE_BEGINS}{fiscal_year % 100:02d}{work[1:]}{budget_type[1:]}"


def budget_codes(identities: Iterable[LineIdentity], *, fiscal_year: int, taken: Iterable[str] = ()) -> list[str]:
    """A printed code for each line: the stem and a running number of at least two digits, none given twice."""
    last: dict[str, int] = {}
    stem_length = len(code_stem(fiscal_year=fiscal_year, work="0" * _WORK, budget_type="5" * _TYPE))
    for code in taken:
        stem, number = code[:stem_length], int(code[stem_length:])
        last[stem] = max(last.get(stem, 0), number)
    codes = []
    for identity in identities:
        stem = code_stem(fiscal_year=fiscal_year, work=identity.work, budget_type=identity.budget_type)
        last[stem] = last.get(stem, 0) + 1
        codes.append(f"{stem}{last[stem]:02d}")
    return codes


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a printed code says: fiscal year (B.E.), work and expenditure type."""

    fiscal_year: int
    work: str
    budget_type: str
    number: int


def read_code(code: str) -> CodeParts | None:
    """Take a printed code of sixteen digits or more apart; None when it is none."""
    if not (code.isascii() and code.isdigit()) or len(code) < _CODE or not code.startswith(_CODE_BEGINS):
        return None
    return CodeParts(2500 + int(code[2:4]), f"0{code[4:8]}", f"5{code[8:14]}", int(code[14:]))
