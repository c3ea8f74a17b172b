"""A writer of its own process, for the tests of concurrency: posts N journals and prints their numbers."""

import os
import sys

import django


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(entity_code: str, journals: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "khlang.settings.test"
    django.setup()
    from khlang.identity import queries as identity
    from khlang.ledger import commands
    from tests.builders import a_journal, an_actor

    actor = an_actor(entity=identity.entity(code=entity_code))
    say("ready")
    sys.stdin.readline()
    for _ in range(journals):
        say(str(commands.post_journal(actor=actor, journal=a_journal()).number))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
