"""Endpoints of the budget: parse, one command or query, body. The shell gives log-in, CSRF and the body of refusals."""

from ninja import Router

from khlang.budget.api.changes import router as changes_router
from khlang.budget.api.grants import router as grants_router
from khlang.budget.api.lines import router as lines_router
from khlang.budget.api.ordinances import router as ordinances_router
from khlang.budget.api.planning import router as planning_router

router = Router()
for part in (lines_router, ordinances_router, changes_router, planning_router, grants_router):
    router.add_router("", part)

__all__ = ["router"]
