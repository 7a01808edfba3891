"""Passwords of the tests: Argon2 as in the settings, at the least that it can be made to cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """A hash takes a quarter of a second of the processor with the settings that protect people."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
