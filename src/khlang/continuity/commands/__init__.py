"""The only ways to write an import: upload, check, post, undo. Each step may be repeated; nothing is done twice."""

from khlang.continuity.commands.checks import check, choose
from khlang.continuity.commands.posts import begin_posting, post
from khlang.continuity.commands.reviews import review_balances
from khlang.continuity.commands.undoing import begin_undo, undo
from khlang.continuity.commands.uploads import upload

__all__ = ["begin_posting", "begin_undo", "check", "choose", "post", "review_balances", "undo", "upload"]
