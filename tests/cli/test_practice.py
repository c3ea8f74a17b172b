"""`khlang practice load` as `make run` calls it."""

import re
import stat


def test_practice_load_says_who_may_log_in_and_a_second_time_makes_nothing(started_home):
    first = started_home.answer("practice", "load")
    second = started_home.answer("practice", "load")
    kept = started_home.folder / "practice-password"

    assert first["entities"] == ["6120304", "6120304-C1", "6120304-S1"]
    assert first["journals"] > 1000
    assert re.fullmatch(r"khlang-[0-9]{6}", first["password"])
    assert {login["role"] for login in first["logins"]} >= {"finance_officer", "head_of_treasury", "auditor"}
    assert (second["journals"], second["vouchers"], second["password"]) == (0, 0, first["password"])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert started_home.answer("ledger", "verify", "--all")["holds"] is True
