"""An unknown name costs as much work as a known one: nobody finds out by a clock which names exist."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from khlang.authentication.hashers import OfficeArgon2Hasher
from khlang.identity.models import User
from khlang.settings import base
from tests.authentication.makers import MONDAY, a_username, timedelta, wrong

pytestmark = pytest.mark.django_db


class CountingHasher(Argon2PasswordHasher):
    """Argon2 that counts how often it worked."""

    algorithm = "counting"
    worked = 0

    def params(self):
        CountingHasher.worked += 1
        found = super().params()
        found.memory_cost, found.time_cost, found.parallelism = 8, 1, 1
        return found


@pytest.fixture(autouse=True)
def _counting(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


def work_of(username, *, minute):
    before = CountingHasher.worked
    wrong(username, at=MONDAY + timedelta(minutes=minute))
    return CountingHasher.worked - before


def test_unknown_inactive_and_passwordless_names_cost_the_same_work_as_known_ones():
    known, inactive, passwordless = (a_username() for _ in range(3))
    User.objects.filter(username=inactive).update(is_active=False)
    without = User.objects.get(username=passwordless)
    without.set_unusable_password()
    without.save()
    work = [work_of(name, minute=turn) for turn, name in enumerate((known, "nobody", inactive, passwordless))]

    assert work[0] > 0
    assert [each > 0 for each in work] == [True] * 4


def test_passwords_are_kept_with_the_parameters_we_measured():
    kept = OfficeArgon2Hasher().encode("a long pass phrase 68", "saltsaltsaltsalt")

    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert base.PASSWORD_HASHERS[0] == f"{OfficeArgon2Hasher.__module__}.{OfficeArgon2Hasher.__name__}"
