"""`khlang database`, as people and programs use it."""

import contextlib
import json
import tarfile

import psycopg

STATUS_WORDS = {"running", "source", "version", "dsn_owner", "dsn_app"}
RIGHTS = "SELECT relname, relacl::text, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"


def test_start_on_an_empty_home_creates_migrates_and_loads_reference_data(home):
    status = home.answer("database", "start")

    assert set(status) == STATUS_WORDS
    assert status["running"] is True
    with psycopg.connect(status["dsn_app"]) as connection:
        (accounts,) = connection.execute("SELECT count(*) FROM reference_account").fetchone()
    assert accounts > 100


def test_status_of_an_empty_home_is_stopped(home):
    assert home.answer("database", "status")["running"] is False


def test_start_twice_then_status_agree(started_home):
    assert started_home.answer("database", "start") == started_home.answer("database", "status")


def test_backup_comes_back_whole_with_rows_rights_policies_and_attachments(started_home, other_home):
    attachment = started_home.folder / "attachments" / "61" / "bill.pdf"
    attachment.parent.mkdir(exist_ok=True)
    attachment.write_bytes(b"%PDF a bill")
    file = other_home.folder / "copy.tar"

    made = started_home.answer("database", "backup", str(file))
    back = other_home.answer("database", "restore", str(file))

    assert {**back, "file": ""} == {**made, "file": ""}
    assert made["attachments"] == 1
    assert (other_home.folder / "attachments" / "61" / "bill.pdf").read_bytes() == b"%PDF a bill"
    rights = []
    for each in (started_home, other_home):
        with contextlib.closing(psycopg.connect(each.answer("database", "status")["dsn_owner"])) as connection:
            rights.append(connection.execute(RIGHTS).fetchall())
    assert rights[0] == rights[1]


def test_restore_into_a_home_with_books_is_refused(started_home, tmp_path):
    file = tmp_path / "copy.tar"
    started_home.answer("database", "backup", str(file))

    refused = started_home.khlang("database", "restore", str(file), "--json")

    assert refused.returncode == 1
    assert json.loads(refused.stdout)["refused"][0]["code"] == "toolkit.restore_not_empty"


def test_damaged_backup_is_refused_before_anything_is_restored(started_home, other_home, tmp_path):
    file = tmp_path / "copy.tar"
    started_home.answer("database", "backup", str(file))
    with tarfile.open(file) as archive:
        member = archive.getmember("database.dump")
    content = bytearray(file.read_bytes())
    content[member.offset_data + member.size // 2] ^= 1
    file.write_bytes(content)

    refused = other_home.khlang("database", "restore", str(file), "--json")

    assert refused.returncode == 1
    assert json.loads(refused.stdout)["refused"][0]["code"] == "toolkit.backup_damaged"


def test_half_a_backup_is_refused(started_home, other_home, tmp_path):
    file = tmp_path / "copy.tar"
    started_home.answer("database", "backup", str(file))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    refused = other_home.khlang("database", "restore", str(file))

    assert refused.returncode == 1
    assert "toolkit.backup_damaged" in refused.stdout


def test_backup_never_overwrites(started_home, tmp_path):
    file = tmp_path / "copy.tar"
    file.write_text("something else")

    refused = started_home.khlang("database", "backup", str(file), "--json")

    assert refused.returncode == 1
    assert "toolkit.backup_exists" in refused.stdout
    assert file.read_text() == "something else"


def test_refusal_is_said_in_the_language_asked_for(home):
    thai = home.khlang("serve", KHLANG_LANGUAGE="th")
    english = home.khlang("serve")

    assert (thai.returncode, english.returncode) == (1, 1)
    assert "ฐานข้อมูลยังไม่เปิดทำงาน" in thai.stdout
    assert "The database is not running." in english.stdout
    assert thai.stderr == english.stderr == ""


def test_misuse_ends_with_two(home):
    assert home.khlang("database", "frobnicate").returncode == 2
    assert home.khlang("no-such-command").returncode == 2


def test_help_speaks_thai_unless_told_otherwise(home):
    home.environment.pop("KHLANG_LANGUAGE")

    shown = home.khlang("database", "--help")

    assert shown.returncode == 0
    assert "วิธีใช้:" in shown.stdout
    assert "สำรองฐานข้อมูล" in shown.stdout
