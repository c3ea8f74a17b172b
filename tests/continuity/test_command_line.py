import json

import pytest
from click.testing import CliRunner

from khlang.cli.main import root
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import YEAR, a_fiscal_year
from tests.continuity.files import a_json_line, a_workbook, json_lines, two_rows
from tests.continuity.test_bang_tanai import ORACLES, the_workbook

pytestmark = pytest.mark.django_db


def khlang(*words):
    """Run the command as a script would; the exit code and the JSON it prints."""
    answer = CliRunner().invoke(root(), [*map(str, words), "--json"])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, json.loads(answer.stdout)


def imported(path, actor, *options):
    return khlang("journals", "import", path, "--entity", actor.entity_code, *options)


def count_of(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(fiscal_year=YEAR)).count


def test_journals_import_answers_what_was_posted_and_what_was_there_already(tmp_path):
    actor = a_fiscal_year()
    file = tmp_path / "a.jsonl"
    file.write_bytes(json_lines([a_json_line(), a_json_line()]))

    assert imported(file, actor) == (0, {"posted": 2, "replayed": 0, "refused": []})
    assert imported(file, actor) == (0, {"posted": 0, "replayed": 2, "refused": []})


def test_journals_import_posts_nothing_and_ends_with_one_when_a_line_is_refused(tmp_path):
    actor = a_fiscal_year()
    wrong = a_json_line()
    wrong["lines"][1]["credit"] = "99.00"
    file = tmp_path / "a.jsonl"
    file.write_bytes(json_lines([a_json_line(), a_json_line(), wrong]))

    code, answer = imported(file, actor)

    assert (code, answer["posted"], answer["replayed"]) == (1, 0, 0)
    assert [(each["line"], each["code"], each["facts"]["difference"]) for each in answer["refused"]] == [
        (3, "ledger.unbalanced", "1.00"),
    ]
    assert set(answer["refused"][0]) == {"line", "code", "facts", "message"}
    assert count_of(actor) == 0


def test_journals_import_posts_the_right_lines_when_told_to_accept_them(tmp_path):
    actor = a_fiscal_year()
    wrong = a_json_line(amount="0.001")
    file = tmp_path / "a.jsonl"
    file.write_bytes(json_lines([wrong, a_json_line()]))

    code, answer = imported(file, actor, "--accept-valid")

    assert (code, answer["posted"]) == (1, 1)
    assert count_of(actor) == 1


def test_journals_import_posts_nothing_on_a_dry_run(tmp_path):
    actor = a_fiscal_year()
    file = tmp_path / "a.xlsx"
    file.write_bytes(a_workbook(two_rows("A-1")))

    assert imported(file, actor, "--dry-run") == (0, {"posted": 1, "replayed": 0, "refused": []})
    assert count_of(actor) == 0


def test_journals_undo_reverses_the_batch_that_the_list_names(tmp_path):
    actor = a_fiscal_year()
    file = tmp_path / "a.xlsx"
    file.write_bytes(a_workbook(two_rows("A-1")))
    imported(file, actor)
    _, listed = khlang("journals", "list", "--entity", actor.entity_code)

    code, answer = khlang(
        "journals",
        "undo",
        "--entity",
        actor.entity_code,
        "--batch",
        listed["imports"][0]["batch"],
        "--reason",
        "wrong file",
    )

    assert (code, answer) == (0, {"undone": 1, "state": "undone"})
    assert count_of(actor) == 2


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the published tables are not here")
def test_bang_tanai_comes_in_by_command(tmp_path):
    actor = a_fiscal_year(year=2554)
    the_workbook(tmp_path, actor.entity_code)

    assert imported(tmp_path / "bang_tanai.xlsx", actor) == (0, {"posted": 88, "replayed": 0, "refused": []})


def test_journals_template_can_be_filled_in_and_imported(tmp_path):
    actor = a_fiscal_year()

    code, answer = khlang(
        "journals", "template", "--entity", actor.entity_code, "--year", YEAR, "--output", tmp_path / "t.xlsx"
    )

    assert code == 0
    assert answer["accounts"] > 400
