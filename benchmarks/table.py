"""Results as the table of docs/performance.md: each promise, what was measured, and whether it holds."""

from collections.abc import Callable
from typing import Any

Result = dict[str, Any]


def number(result: Result, *path: str) -> float | None:
    """A figure deep in the result, or None when its part was not run or failed."""
    found: Any = result
    for name in path:
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found


def ratio(upper: float | None, lower: float | None) -> float | None:
    return round(upper / lower, 2) if upper and lower else None


def promises(result: Result) -> list[tuple[str, str, float | None, Callable[[float], bool], str]]:
    """What is promised, the measure, the figure, the test, and the unit."""
    ours = number(result, "peers", "ours_between", "command", "per_s")
    rate = number(result, "posting", "one_entity", "command", "per_s")
    bare = number(result, "posting", "one_entity", "bare", "per_s")
    crowd = number(result, "posting", "eight_workers_two_hundred", "command", "per_s")
    alone = [
        number(result, "posting", part, "command", "per_s") for part in ("two_hundred_entities", "one_worker_again")
    ]
    kept = [each for each in alone if each]
    worst = (
        [each.get("p95_ms") for each in (number(result, "pages", "pages") or {}).values()]
        if result.get("pages")
        else []
    )
    hordak = number(result, "peers", "hordak", "bulk_create", "per_s")
    flat = [
        ratio(
            number(result, "importing", f"{form}_50k", "memory_peak_mb"),
            number(result, "importing", f"{form}_10k", "memory_peak_mb"),
        )
        for form in ("jsonl", "csv")
    ]
    return [
        ("post_journal ≥ 70 % of the bare SQL function", "posting", ratio(rate, bare), lambda x: x >= 0.7, "×"),
        (
            "post_journal ≥ 2 × django-hordak, legs made one by one",
            "peers",
            ratio(ours, number(result, "peers", "hordak", "create", "per_s")),
            lambda x: x >= 2,
            "×",
        ),
        ("post_journal ≥ 2 × django-hordak, legs made in bulk", "peers", ratio(ours, hordak), lambda x: x >= 2, "×"),
        (
            "post_journal ≥ 30 × Tryton",
            "peers",
            ratio(ours, number(result, "peers", "tryton", "per_s")),
            lambda x: x >= 30,
            "×",
        ),
        (
            "8 workers, 200 entities ≥ 1.5 × one worker",
            "posting",
            ratio(crowd, sum(kept) / len(kept) if kept else None),
            lambda x: x >= 1.5,
            "×",
        ),
        (
            "import .jsonl, file to books ≥ 1,200 journals/s",
            "importing",
            number(result, "importing", "jsonl_50k", "per_s"),
            lambda x: x >= 1200,
            "/s",
        ),
        (
            "import .csv, file to books ≥ 1,200 journals/s",
            "importing",
            number(result, "importing", "csv_50k", "per_s"),
            lambda x: x >= 1200,
            "/s",
        ),
        ("import memory flat: 50,000 against 10,000, .jsonl", "importing", flat[0], lambda x: x <= 1.25, "×"),
        ("import memory flat: 50,000 against 10,000, .csv", "importing", flat[1], lambda x: x <= 1.25, "×"),
        (
            "trial balance of 1,000,000 lines ≤ 5 ms in the database",
            "reading",
            number(result, "reading", "balances_sql", "p50_ms"),
            lambda x: x <= 5,
            "ms",
        ),
        (
            "pages, server side, slowest p95 ≤ 150 ms",
            "pages",
            max((each for each in worst if each), default=None),
            lambda x: x <= 150,
            "ms",
        ),
        (
            "100 official forms to PDF ≤ 2 s",
            "pages",
            number(result, "pages", "forms", "seconds"),
            lambda x: x <= 2,
            "s",
        ),
        *budget_promises(result),
    ]


def budget_promises(result: Result) -> list[tuple[str, str, float | None, Callable[[float], bool], str]]:
    """One decision, decisions of eight workers on one entity, and the page of a board of 3,000 lines."""
    one = number(result, "budget", "decision_in_database_ms")
    eight = number(result, "budget", "eight_workers", "per_s")
    pages = [number(result, "budget", f"board_page_by_{by}", "p95_ms") for by in ("plan", "line")]
    known = [each for each in pages if each]
    slowest = max(known) if len(known) == len(pages) else None
    return [
        ("a decision of the budget ≤ 2 ms in the database", "budget", one, lambda x: x <= 2, "ms"),
        ("decisions of eight workers on one entity ≥ 500/s", "budget", eight, lambda x: x >= 500, "/s"),
        ("board of 3,000 lines, whole page, slowest p95 ≤ 150 ms", "budget", slowest, lambda x: x <= 150, "ms"),
    ]


def page(result: Result) -> str:
    """The whole page, in Markdown."""
    on = result["machine"]
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; not edited by hand. Ratios hold between figures of one run; absolute figures belong to",
        "the machine below. What else ran on it shows in the load.",
        "",
        f"Run of {result['at']}: {on['cores']} cores {on['cpu']}, {on['memory_gb']} GB, PostgreSQL {on['postgresql']} with",
        f"fsync and synchronous commit on, Python {on['python']}; load {on['load_before']} before, {on['load_after']} after.",
        "",
        "Where the load is far above the number of cores, others worked on the machine too: rates and even ratios then swing by",
        "a factor of two, and only a run on a quiet machine decides. Parts may come from several runs of the same day.",
        "",
        "| Promise | Measured | Holds |",
        "|---|---:|---|",
    ]
    for words, _, figure, holds, unit in promises(result):
        shown = "not measured" if figure is None else f"{figure:,} {unit}"
        lines.append(f"| {words} | {shown} | {'' if figure is None else 'yes' if holds(figure) else '**no**'} |")
    lines += ["", "## Posting a journal of five lines, everything checked, one commit each", ""]
    lines += ["| Run | per s | p50 ms | p95 ms | client CPU ms |", "|---|---:|---:|---:|---:|", *posting_rows(result)]
    lines += [
        "",
        "## Import, file to books",
        "",
        "| File | journals/s | peak memory MB |",
        "|---|---:|---:|",
        *import_rows(result),
    ]
    lines += ["", "## Reading and printing", "", "| What | Measured |", "|---|---:|", *reading_rows(result)]
    lines += [
        "",
        "## Who may, and the record of it: what each costs a request",
        "",
        "| What | Measured |",
        "|---|---:|",
        *acting_rows(result),
        *signing_in_rows(result),
    ]
    lines += ["", "## Budget", "", "| What | Measured |", "|---|---:|", *budget_rows(result)]
    lines += ["", "Not measured yet: a full voucher by HTTP with budget, first view on a slow line.", ""]
    return "\n".join(lines)


def signing_in_rows(result: Result) -> list[str]:
    """Log-ins, with the machines that a national burst would need; nothing when they were not measured."""
    found = result.get("signing_in") or {}
    if "machines_for_burst" not in found:
        return []
    rows = [
        f"| log-in, {name} | {found[name]['p50_ms']} ms | {found[name]['p95_ms']} ms | {found[name].get('per_s', '')} |"
        for name in ("hash alone", "one client", "eight clients")
    ]
    return [
        "",
        (
            f"Log-in with Argon2 ({found['hash alone']['parameters']}); 150 log-ins a second need"
            f" {found['machines_for_burst']} machines like this one."
        ),
        "",
        "| What | p50 | p95 | a second |",
        "|---|---:|---:|---:|",
        *rows,
    ]


def acting_rows(result: Result) -> list[str]:
    return [
        f"| {name} | {each['p50_ms']} ms, p95 {each['p95_ms']} ms |"
        for name, each in (result.get("acting") or {}).items()
        if isinstance(each, dict) and "p50_ms" in each
    ]


def budget_rows(result: Result) -> list[str]:
    """Decisions on one line of the budget, its coming into force, and the board; nothing when they were not measured."""
    found = result.get("budget") or {}
    if "board" not in found:
        return []
    lines = found["force"]["lines"]
    one, eight = found["one_worker"], found["eight_workers"]
    return [
        f"| one decision inside the database | {found['decision_in_database_ms']} ms |",
        f"| decisions, one worker | {one['per_s']}/s, p50 {one['p50_ms']} ms, p95 {one['p95_ms']} ms |",
        f"| decisions, eight workers on one entity | {eight['per_s']}/s |",
        f"| a budget of {lines:,} lines: drafted | {found['force']['draft_s']} s |",
        f"| the same brought into force | {found['force']['force_s']} s |",
        *board_rows(found),
    ]


BOARD_PARTS = {
    "board": "every line of its board, as a workbook reads it",
    "board_groups": "the sums of one level",
    "board_page": "one page of lines with the sum of all",
    "board_search": "the same searched for",
    "board_warned": "how many lines run out soon",
    "board_page_by_plan": "the page of the board by plan, request to answer",
    "board_page_by_line": "the page of the board by line, request to answer",
}


def board_rows(found: dict[str, Any]) -> list[str]:
    """How fast the board is read, part by part."""
    return [
        f"| {words} | p50 {found[part]['p50_ms']} ms, p95 {found[part]['p95_ms']} ms |"
        for part, words in BOARD_PARTS.items()
        if part in found
    ]


def posting_rows(result: Result) -> list[str]:
    rows = []
    for part, measured in (result.get("posting") or {}).items():
        name = part.replace("_", " ")
        rows += [posting_row(f"{name}, {way}", number(measured, way)) for way in ("bare", "command")]
    hordak = number(result, "peers", "hordak") or {}
    rows += [posting_row(f"django-hordak, {way}", hordak.get(way)) for way in ("create", "bulk_create")]
    rows.append(posting_row("Tryton", number(result, "peers", "tryton")))
    return [row for row in rows if row]


def posting_row(name: str, measured: Any) -> str:
    if not isinstance(measured, dict) or "per_s" not in measured:
        return ""
    figures = [measured.get(key, "") for key in ("per_s", "p50_ms", "p95_ms", "client_cpu_ms")]
    return f"| {name} | {' | '.join(str(figure) for figure in figures)} |"


def import_rows(result: Result) -> list[str]:
    return [
        f"| {each['n']:,} journals .{each['form']} ({each['file_mb']} MB) | {each['per_s']:,} | {each['memory_peak_mb']} |"
        for each in (result.get("importing") or {}).values()
        if "per_s" in each
    ]


def reading_rows(result: Result) -> list[str]:
    rows = []
    found = result.get("reading") or {}
    if "lines" in found:
        rows += [
            f"| trial balance, {found['lines']:,} lines, kept balances, SQL | {found['balances_sql']['p50_ms']} ms |",
            f"| the same through `ledger.queries.balances` | {found['balances_query']['p50_ms']} ms |",
            f"| the same from lines, as known at an instant | {found['from_lines']['p50_ms']} ms |",
            f"| checker (`khlang ledger verify`) | {found['verify_lines_per_s']:,} lines/s |",
        ]
    seen = result.get("pages") or {}
    rows += [
        f"| page: {name} | p95 {each['p95_ms']} ms |"
        for name, each in (seen.get("pages") or {}).items()
        if "p95_ms" in each
    ]
    if "eight_clients" in seen:
        each = seen["eight_clients"]
        rows.append(f"| trial balance page, {each['clients']} clients | {each['per_s']}/s, p95 {each['p95_ms']} ms |")
    if "forms" in seen:
        rows.append(f"| {seen['forms']['forms']} official forms to PDF | {seen['forms']['seconds']} s |")
    return rows
