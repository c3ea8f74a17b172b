"""The command `khlang`: finds the subcommand, chooses the language, and turns refusals into answers."""

import gettext as system_gettext
import importlib
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from django.db import OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from khlang.cli.answers import JSON_ASKED, note, show_refused
from khlang.cli.installation import open_django
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres
from khlang.toolkit.tenancy import writes_stay_open

LANGUAGES = ("th", "en")
LOCALE = Path(__file__).resolve().parent / "locale"
EXIT_REFUSED = 1

# Name on the command line → module `khlang.cli.<name>`, whose command has the name of its module.
COMMANDS = (
    "run",
    "serve",
    "worker",
    "database",
    "entities",
    "users",
    "orders",
    "reference",
    "fiscal-years",
    "accounts",
    "journals",
    "budget",
    "reports",
    "ledger",
    "audit",
    "practice",
    "mode",
    "traffic",
    "status",
)
# Programs that serve others: they are bound by the mode of the system, as pages are.
SERVANTS = frozenset({"run", "serve", "worker", "status"})
SERVES = "khlang.cli.serves"


class LazyGroup(click.Group):
    """Imports a subcommand only when it is named, so that each start is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The subcommands that exist, in the order in which a newcomer needs them."""
        return [name for name in COMMANDS if importlib.util.find_spec(_module_of(name)) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One subcommand."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(_module_of(cmd_name))
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember whether the answer is for a machine, and what is asked for, before anything can be refused."""
        ctx.meta[JSON_ASKED] = "--json" in args
        ctx.meta[SERVES] = next((name for name in args if not name.startswith("-")), "") in SERVANTS
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a refusal is an answer on standard output and exit code 1."""
        try:
            if ctx.meta[SERVES]:
                return super().invoke(ctx)
            # Whoever works on the server itself may write in every mode, and is told which one holds.
            with writes_stay_open(tell=_warning()):
                return super().invoke(ctx)
        except Refused as error:
            refused = error
        except OperationalError:
            if postgres.status().running:
                raise
            refused = Refused(Refusal("toolkit.database_not_running"))
        show_refused(refused, as_json=ctx.meta[JSON_ASKED])
        return ctx.exit(EXIT_REFUSED)


def root() -> click.Group:
    """The whole command line, in the language of KHLANG_LANGUAGE (Thai when unset)."""
    open_django()
    _speak(os.environ.get("KHLANG_LANGUAGE", "th"))
    help_text = _("Khlang keeps the books of a local government. Every command explains itself with --help.")
    return LazyGroup(name="khlang", help=help_text, context_settings={"help_option_names": ["-h", "--help"]})


def main() -> None:
    """Entry point of the `khlang` program."""
    root()()


def _warning() -> Callable[[Refusal], None]:
    """Say once a command, on standard error, that it writes although the system is closed to writing."""
    told: list[Refusal] = []

    def tell(refusal: Refusal) -> None:
        if not told:
            told.append(refusal)
            note(Refusal("operations.operator_writes", {"mode": refusal.code.partition(".")[2]}))

    return tell


def _speak(wanted: str) -> None:
    language = wanted if wanted in LANGUAGES else LANGUAGES[0]
    # click reads its own words ("Usage", "Options") through the standard library's gettext.
    os.environ["LANGUAGE"] = language
    system_gettext.bindtextdomain("click", str(LOCALE))
    system_gettext.textdomain("click")
    translation.activate(language)


def _module_of(name: str) -> str:
    return f"khlang.cli.{name.replace('-', '_')}"


if __name__ == "__main__":
    main()
