"""How passwords are kept: Argon2id with the parameters that OWASP calls equal in strength, chosen by measurement."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OfficeArgon2Hasher(Argon2PasswordHasher):
    """46 MiB, one pass, one lane: a quarter of the processor that Django's default takes, half of its memory (ADR 28).

    A hash made with other parameters is made anew at the next log-in.
    """

    memory_cost = 47104
    time_cost = 1
    parallelism = 1
