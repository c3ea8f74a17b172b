"""The only ways to write an import: upload, check, post, undo. Each step may be repeated; nothing is done twice."""

from khlang.continuity.commands.checks import check
from khlang.continuity.commands.posts import post
from khlang.continuity.commands.reviews import review_balances
from khlang.continuity.commands.undoing import undo
from khlang.continuity.commands.uploads import upload

__all__ = ["check", "post", "review_balances", "undo", "upload"]
