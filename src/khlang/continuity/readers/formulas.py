"""Cells that hold a formula but no value, in the words of an import."""

from collections.abc import Mapping
from pathlib import Path

from khlang.continuity.rules.values import Unreadable
from khlang.toolkit.worksheets import uncounted_cells


def unreadable_cells(path: Path, *, sheet_name: str) -> Mapping[str, Unreadable]:
    """The cells of a sheet (`F7`) that have a formula without value, or a formula whose result is an error."""
    return {
        cell: Unreadable("continuity.cell_is_error" if each.is_error else "continuity.formula_without_value", each.text)
        for cell, each in uncounted_cells(path, sheet_name=sheet_name).items()
    }
