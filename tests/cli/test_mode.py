"""`khlang mode`: the operator of the server switches, plans and calls off; the change survives a restart."""


def test_mode_is_shown_set_planned_called_off_and_survives_a_restart(started_home):
    home = started_home
    said = ("--words-th", "ย้ายเครื่อง", "--words-en", "Moving", "--reason", "order 5")
    home.answer("mode", "set", "read_only", "--until", "2099-01-01 22:00", *said)
    planned = home.answer(
        "mode", "set", "maintenance", "--from", "2099-02-01 22:00", "--until", "2099-02-01 23:00", *said
    )
    home.answer("database", "stop")
    home.answer("database", "start")

    shown = home.answer("mode", "show")
    assert (shown["mode"], shown["until"], shown["next"]["number"]) == (
        "read_only",
        "2099-01-01 22:00",
        planned["number"],
    )

    home.answer("mode", "cancel", str(planned["number"]), "--reason", "not needed")
    assert home.answer("mode", "show")["next"] == {}


def test_a_command_on_the_server_writes_in_read_only_mode_and_says_so(started_home):
    home = started_home
    home.khlang("entities", "add", "--code", "DLA2", "--kind", "department", "--name", "กรม")
    until = ("--until", "2099-01-01 22:00", "--words-th", "ย้าย", "--words-en", "Moving", "--reason", "order 6")
    assert home.khlang("mode", "set", "read_only", *until).returncode == 0

    done = home.khlang("users", "add", "--username", "malee", "--name", "มาลี", KHLANG_PASSWORD="a long pass phrase 68")
    granted = home.khlang("users", "grant", "--username", "malee", "--entity", "DLA", "--role", "department_officer")

    assert (done.returncode, granted.returncode) == (0, 0), done.stdout + granted.stdout
    assert "writes all the same" in granted.stderr
    assert "writes all the same" not in home.khlang("mode", "set", "normal", "--reason", "done").stderr


def test_the_traffic_log_is_given_out_and_cared_for_on_the_server(started_home):
    folder = started_home.folder / "traffic"
    folder.mkdir(mode=0o700)
    (folder / "2026-01-05.jsonl").write_text('{"user":1,"address":"a"}\n', encoding="utf-8")
    chosen = ("--from", "2026-01-01", "--to", "2026-01-31")

    shown = started_home.khlang("traffic", "export", *chosen, "--user", "1")
    started_home.khlang("traffic", "export", *chosen, "--output", "out.jsonl")
    again = started_home.khlang("traffic", "export", *chosen, "--output", "out.jsonl")
    kept = started_home.answer("traffic", "keep")

    assert shown.stdout == '{"user":1,"address":"a"}\n'
    assert (started_home.folder / "out.jsonl").stat().st_mode & 0o777 == 0o600
    assert (again.returncode, "operations.file_exists" in again.stdout) == (1, True)
    assert kept == {"days": 90, "closed": ["2026-01-05.jsonl"], "pruned": ["2026-01-05.jsonl"]}
