"""An office with books, and a browser signed in to it, as the pages of the shell have them."""

from tests.web.conftest import browser_context_args, office, signed_in

__all__ = ["browser_context_args", "office", "signed_in"]
