"""Every address of the site and every operation of the API, filled with the documents of an office.

A route with an argument that is not in MAKERS, or an operation that is not in ACTS, fails the walk: add one line here.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from khlang.api.api import api
from tests.budget.makers import YEAR as BUDGET_YEAR
from tests.builders import BANK, YEAR
from tests.security.office import Office

HERE = "tests/security/walk.py"
METHODS = ("get", "post", "put", "patch", "delete")

# ---- one line for each argument of an address: its name, or "route name:argument" or "area:argument" where two differ --
MAKERS: dict[str, Callable[[Office], Any]] = {
    "entity_code": lambda office: office.code,
    "voucher_id": lambda office: office.made["voucher_id"],
    "order_id": lambda office: office.made["order_id"],
    "review_id": lambda office: office.made["review_id"],
    "act": lambda _: "ledger.post",
    "user_id": lambda office: office.made["user_id"],
    "attachment_id": lambda office: office.made["attachment_id"],
    "request_id": lambda office: office.made["request_id"],
    "emergency_id": lambda _: uuid.uuid4(),
    "use_id": lambda office: office.made["use_id"],
    "import_id": lambda office: office.made["import_id"],
    "office_code": lambda _: "P12",
    "people_import_id": lambda office: office.made["people_import_id"],
    "account": lambda _: BANK,
    "sub_account": lambda _: "01",
    "fiscal_year": lambda _: YEAR,
    "period": lambda _: 1,
    "moving_id": lambda office: office.made["moving_id"],
    "sequence_no": lambda office: office.made["sequence_no"],
    "report": lambda _: "trial-balance",
    "reporting:line:report": lambda _: "financial-position",
    "line": lambda _: "SFP_CASH",
    "journal_vouchers:detach:attachment_id": lambda office: office.made["spare_attachment_id"],
    "extension": lambda _: "csv",
    "ordinance_id": lambda office: office.made["ordinance_id"],
    "grant_id": lambda office: office.made["grant_id"],
    "commitment_id": lambda _: uuid.uuid4(),
    "division": lambda _: "01",
    "enterprise": lambda _: "WATER",
    "state": lambda _: "closed",
    # Of the whole area: its documents stand in a year of their own.
    "budget:fiscal_year": lambda _: BUDGET_YEAR,
    "document_id": lambda office: office.made["document_id"],
    "line_id": lambda office: office.made["line_id"],
    **{
        f"official_forms:{name}:fiscal_year": lambda _: BUDGET_YEAR
        for name in ("budget_board", "budget_register", "budget_register_of_year")
    },
    "document": lambda _: "articles",
    "official_forms:budget_announcement:change_id": lambda office: office.made["moved_id"],
    "draft_line_id": lambda office: office.made["draft_line_id"],
    "upload_id": lambda office: office.made["upload_id"],
    "change_id": lambda office: office.made["change_id"],
    "carry_id": lambda office: office.made["carry_id"],
    "operations:call-off-mode:number": lambda _: 1,
    "doors:change-passkey:number": lambda _: 1,
    "web:status-file:file": lambda _: "en.html",
    "operations:announcement:number": lambda office: office.made["announcement"],
    "operations:acknowledge:number": lambda office: office.made["announcement"],
    "operations:receipts:number": lambda office: office.made["announcement"],
    "operations:receipts-workbook:number": lambda office: office.made["announcement"],
}

# ---- one line for a page that needs something asked for before it shows anything -------------------------------------
ASKED: dict[str, str] = {
    "ledger:change-period": "?state=soft_closed",
    "identity:why": "?act=ledger.post",
}

# ---- one line for a page that shows an empty form for a number it does not know, because the browser chose the number --
BLANK: frozenset[str] = frozenset(
    {
        "budget:edit-grant",
        "journal_vouchers:edit",
        "journal_vouchers:draft",
        "journal_vouchers:preview",
        "budget:edit-change",
        "budget:change-draft",
    }
)

# ---- one line for each page that names no act: what it answers to somebody who is not logged in --------------------
OPEN: dict[str, frozenset[int]] = {
    "doors:second-step": frozenset({302}),
    "doors:passkey": frozenset({422}),
    "doors:passkey-options": frozenset({200}),
    "doors:account": frozenset({302}),
    "doors:password": frozenset({302}),
    "doors:add-passkey": frozenset({302}),
    "doors:new-passkey-options": frozenset({302}),
    "doors:change-passkey": frozenset({302}),
    "doors:app": frozenset({302}),
    "doors:remove-app": frozenset({302}),
    "doors:codes": frozenset({302}),
    "doors:end-sessions": frozenset({302}),
    "doors:sign-ins": frozenset({302}),
    "doors:prove": frozenset({302}),
    "doors:emergency": frozenset({200, 422}),
    "doors:done": frozenset({200, 302}),
    "doors:prove-options": frozenset({302}),
    "web:entities": frozenset({302}),
    "doors:login": frozenset({200, 422}),
    # Without a ThaiD both say that there is none.
    "doors:thaid": frozenset({422}),
    "doors:thaid-back": frozenset({422}),
    "doors:logout": frozenset({302}),
    "doors:session": frozenset({200, 401}),
    "web:preferences": frozenset({302}),
    "web:offline": frozenset({200}),
    "web:health": frozenset({200}),
    "web:figures": frozenset({200}),
    "web:notice": frozenset({200}),
    "web:mode": frozenset({302}),
    "web:status": frozenset({200}),
    "web:status-file": frozenset({200, 404}),
    "web:manifest": frozenset({200}),
    "web:service-worker": frozenset({200}),
    "api:openapi-json": frozenset({200}),
    "api:api-root": frozenset({404}),
}

# ---- one line for each operation of the API inside an entity: the act that its caller must be permitted --------------
ACTS: dict[str, str] = {
    "GET /api/v1/{entity_code}/people": "identity.read_people",
    "GET /api/v1/{entity_code}/hats": "identity.read_permissions",
    "GET /api/v1/{entity_code}/why/{act}": "identity.read_permissions",
    "GET /api/v1/{entity_code}/accounts": "ledger.read",
    "GET /api/v1/{entity_code}/fund-sources": "ledger.read",
    "GET /api/v1/{entity_code}/fiscal-years": "ledger.read",
    "GET /api/v1/{entity_code}/journals/{fiscal_year}": "ledger.read",
    "GET /api/v1/{entity_code}/journals/{fiscal_year}/{sequence_no}": "ledger.read",
    "POST /api/v1/{entity_code}/journals/check": "ledger.read",
    "GET /api/v1/{entity_code}/reports/{fiscal_year}/{report}": "reporting.read",
    "GET /api/v1/{entity_code}/vouchers": "journal_vouchers.read",
    "GET /api/v1/{entity_code}/vouchers/{voucher_id}": "journal_vouchers.read",
    "PUT /api/v1/{entity_code}/vouchers/{voucher_id}/draft": "journal_vouchers.draft",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/preview": "journal_vouchers.read",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/submit": "journal_vouchers.submit",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/post": "journal_vouchers.post",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/return": "journal_vouchers.post",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/cancel": "journal_vouchers.draft",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/reverse": "journal_vouchers.reverse",
    "POST /api/v1/{entity_code}/vouchers/{voucher_id}/copy": "journal_vouchers.draft",
    "GET /api/v1/{entity_code}/budget/years": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/sums": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/available": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/lines/{line_id}": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/plans": "budget.read",
    "PUT /api/v1/{entity_code}/budget/{fiscal_year}/lines/{line_id}/plan": "budget.plan",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/forecasts": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/cash": "budget.read",
    "GET /api/v1/{entity_code}/budget/ordinances": "budget.read",
    "GET /api/v1/{entity_code}/budget/ordinances/{ordinance_id}": "budget.read",
    "PUT /api/v1/{entity_code}/budget/ordinances/{ordinance_id}": "budget.draft_all",
    "PUT /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/lines": "budget.draft",
    "POST /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/lines/{line_id}/remove": "budget.draft",
    "PUT /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/estimates": "budget.estimate",
    "PUT /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/texts": "budget.draft_all",
    "POST /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/copy": "budget.draft_all",
    "POST /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/steps": "budget.take_step",
    "POST /api/v1/{entity_code}/budget/ordinances/{ordinance_id}/force": "budget.bring_into_force",
    "POST /api/v1/{entity_code}/budget/{fiscal_year}/provisional": "budget.bring_into_force",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/changes": "budget.read",
    "GET /api/v1/{entity_code}/budget/changes/{change_id}": "budget.read",
    "PUT /api/v1/{entity_code}/budget/changes/{change_id}/draft": "budget.transfer",
    "POST /api/v1/{entity_code}/budget/changes/preview": "budget.read",
    "POST /api/v1/{entity_code}/budget/changes/{change_id}/submit": "budget.transfer",
    "POST /api/v1/{entity_code}/budget/changes/{change_id}/approve": "budget.approve_transfer",
    "POST /api/v1/{entity_code}/budget/changes/{change_id}/close": "budget.transfer",
    "POST /api/v1/{entity_code}/budget/changes/{change_id}/announce": "budget.transfer",
    "POST /api/v1/{entity_code}/budget/changes/{change_id}/report": "budget.transfer",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/claims-of-earlier-years": "budget.read",
    "PUT /api/v1/{entity_code}/budget/{fiscal_year}/commitments/{commitment_id}": "budget.record_council",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/carry-overs": "budget.read",
    "PUT /api/v1/{entity_code}/budget/{fiscal_year}/carry-overs/{carry_id}": "budget.carry",
    "POST /api/v1/{entity_code}/budget/carry-overs/{carry_id}/decide": "budget.record_council",
    "GET /api/v1/{entity_code}/budget/divisions": "budget.read",
    "PUT /api/v1/{entity_code}/budget/divisions/{division}": "budget.manage_divisions",
    "PUT /api/v1/{entity_code}/budget/divisions/{division}/members/{user_id}": "budget.manage_divisions",
    "PUT /api/v1/{entity_code}/budget/enterprises/{enterprise}": "budget.manage_divisions",
    "POST /api/v1/{entity_code}/budget/{fiscal_year}/moving-over/preview": "budget.read",
    "POST /api/v1/{entity_code}/budget/{fiscal_year}/moving-over": "budget.move_over",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/commitments": "budget.read",
    "POST /api/v1/{entity_code}/budget/carry-overs/{carry_id}/extend": "budget.record_council",
    "POST /api/v1/{entity_code}/budget/carry-overs/{carry_id}/lapse": "budget.carry",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/grants": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/grants/report": "budget.read",
    "GET /api/v1/{entity_code}/budget/{fiscal_year}/grants/tasks": "budget.read",
    "GET /api/v1/{entity_code}/budget/grants/{grant_id}": "budget.read",
    "PUT /api/v1/{entity_code}/budget/grants/{grant_id}/draft": "budget.grant",
    "POST /api/v1/{entity_code}/budget/grants/{grant_id}/open": "budget.open_grant",
    "POST /api/v1/{entity_code}/budget/grants/{grant_id}/money": "budget.grant",
    "POST /api/v1/{entity_code}/budget/grants/{grant_id}/extend": "budget.open_grant",
    "POST /api/v1/{entity_code}/budget/grants/{grant_id}/return": "budget.open_grant",
    "POST /api/v1/{entity_code}/budget/grants/{grant_id}/cancel": "budget.grant",
}

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One page: its name, its arguments, the act that guards it ('' when anybody may come)."""

    name: str
    route: str
    act: str

    @property
    def arguments(self) -> list[str]:
        """The names of what is to be filled."""
        return [name for _, name in _ARGUMENT.findall(self.route)]

    @property
    def is_of_entity(self) -> bool:
        """Whether it lies under the code of an entity."""
        return "entity_code" in self.arguments

    def filled(self, office: Office) -> str:
        """The address with the office's own documents."""

        def value(found: re.Match[str]) -> str:
            names = (f"{self.name}:{found[2]}", f"{self.name.split(':')[0]}:{found[2]}", found[2])
            maker = next((MAKERS[name] for name in names if name in MAKERS), None)
            if maker is None:
                raise LookupError(f"{self.name} takes {found[2]!r}: add a line to MAKERS in {HERE}")
            return str(maker(office))

        return "/" + _ARGUMENT.sub(value, self.route) + ASKED.get(self.name, "")


def addresses() -> list[Address]:
    """Every page of the site, the operations of the API left out."""
    return [each for each in _walk(get_resolver(), "", "") if not each.route.startswith("api/")]


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield Address(f"{space}{entry.name}", route, getattr(entry.callback, "act", ""))


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def name(self) -> str:
        """As MAKERS and ACTS call it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def is_of_entity(self) -> bool:
        """Whether it lies under the code of an entity."""
        return "{entity_code}" in self.path

    @cached_property
    def body(self) -> Any:
        """A body of the shape that is described, or None."""
        content = self.described.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else sample(schema)

    def filled(self, office: Office) -> str:
        """The address with the office's own documents and what it must be asked."""

        def value(name: str) -> str:
            maker = MAKERS.get(f"{self.name}:{name}") or MAKERS.get(name)
            if maker is None:
                raise LookupError(f"{self.name} takes {name!r}: add a line to MAKERS in {HERE}")
            return str(maker(office))

        path = re.sub(r"\{(\w+)\}", lambda found: value(found[1]), self.path)
        asked = [
            each["name"] for each in self.described.get("parameters", ()) if each["in"] == "query" and each["required"]
        ]
        return path + ("?" + "&".join(f"{name}={value(name)}" for name in asked) if asked else "")


@cache
def description() -> Any:
    """The description of the API: a second to make, and the same for everybody."""
    return api.get_openapi_schema()


@cache
def operations() -> list[Operation]:
    """Every operation that the description of the API names."""
    return [
        Operation(method, path, described)
        for path, methods in description()["paths"].items()
        for method, described in methods.items()
    ]


def sample(schema: dict[str, Any]) -> Any:
    """The smallest value of a JSON schema that looks right."""
    if "$ref" in schema:
        return sample(description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        wanted = schema.get("properties", {})
        return {name: sample(wanted[name]) for name in schema.get("required", ())}
    formats = {"uuid": str(uuid.UUID(int=7)), "date": "2024-10-03", "date-time": "2024-10-03T02:30:00Z"}
    plain: dict[str, Any] = {"integer": schema.get("minimum", 0), "number": 0, "boolean": False, "array": []}
    return plain.get(schema.get("type", ""), formats.get(schema.get("format", ""), "text"))
