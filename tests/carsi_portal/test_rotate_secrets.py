"""SECRET_KEY is changed as docs/deploy.md says, and nothing that it encrypted is lost."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from core.ciphers import ENCRYPTED, cipher
from donors.adapter import SecondFactorAdapter
from donors.models import User
from programs.webhooks.models import Endpoint, Kind
from tests import factories

pytestmark = pytest.mark.django_db
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


class Kept:
    """A person with an authenticator app, both kinds of recovery codes, and a webhook."""

    def __init__(self, user: User) -> None:
        self.app = TOTP.activate(user, TOTP_SECRET).instance
        self.codes = RecoveryCodes.activate(user)
        self.first_codes = self.codes.get_unused_codes()
        migrated = [SecondFactorAdapter().encrypt(code) for code in ("11112222", "33334444")]
        self.migrated = Authenticator.objects.create(
            user=factories.user(), type=Authenticator.Type.RECOVERY_CODES, data={"migrated_codes": migrated}
        )
        self.key = Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
        )
        self.hook = Endpoint(owner=user, name="Ministry", url="https://example.org/hook", kinds=[Kind.values[0]])
        self.hook_secret = self.hook.make_secret()
        self.hook.save()

    def is_whole(self) -> bool:
        for row in (self.app, self.codes.instance, self.migrated, self.key, self.hook):
            row.refresh_from_db()
        return (
            SecondFactorAdapter().decrypt(self.app.data["secret"]) == TOTP_SECRET
            and RecoveryCodes(self.codes.instance).get_unused_codes() == self.first_codes
            and RecoveryCodes(self.migrated).get_unused_codes() == ["11112222", "33334444"]
            and self.key.data == {"name": "Key", "credential": {}}
            and self.hook.signing_secret == self.hook_secret
        )


@pytest.fixture
def kept() -> Kept:
    return Kept(factories.user())


@pytest.fixture
def changed_key(kept: Kept, settings: Any) -> None:
    """SECRET_KEY is another, and the former one a fallback."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("rotate_secrets", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_after_it_the_former_key_is_not_needed(kept: Kept, changed_key: None, settings: Any) -> None:
    stated, _ = run()

    settings.SECRET_KEY_FALLBACKS = []
    assert kept.is_whole()
    assert "Authenticators: 0 under the current key, 4 encrypted again." in stated
    assert "Webhooks: 0 under the current key, 1 encrypted again." in stated


def test_twice_it_changes_nothing_more(kept: Kept, changed_key: None) -> None:
    run()
    before = list(Authenticator.objects.order_by("pk").values("pk", "data")), Endpoint.objects.get().secret

    stated, _ = run()

    assert (list(Authenticator.objects.order_by("pk").values("pk", "data")), Endpoint.objects.get().secret) == before
    assert "Authenticators: 4 under the current key, 0 encrypted again." in stated


def test_the_check_fails_until_it_was_done_and_changes_nothing(kept: Kept, changed_key: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="5 need a key of SECRET_KEY_FALLBACKS"):
        run("--check")
    with pytest.raises(CommandError):
        run("--check")

    run()
    run("--check")

    settings.SECRET_KEY_FALLBACKS = []
    run("--check")


def test_what_no_key_reads_stays_as_it_is_and_is_said(kept: Kept, settings: Any) -> None:
    first = settings.SECRET_KEY
    settings.SECRET_KEY = "a key without the one before"

    stated, complaint = run()

    assert "0 encrypted again" in stated
    assert "4 of them cannot be read with any key" in complaint
    settings.SECRET_KEY = first
    assert kept.is_whole()


def test_all_or_nothing(kept: Kept, changed_key: None) -> None:
    with connection.cursor() as cursor:  # the database refuses what is written last
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE webhooks_endpoint ADD CONSTRAINT as_it_was CHECK (secret = '{kept.hook.secret}')")

    with pytest.raises(IntegrityError):
        run()

    with pytest.raises(CommandError, match="5 need"):
        run("--check")


def test_nothing_is_encrypted_in_a_column_that_is_not_known_here() -> None:
    with pytest.raises(LookupError, match="letters"):
        cipher("letters")

    assert {(column.model, column.column) for column in ENCRYPTED} == {(Authenticator, "data"), (Endpoint, "secret")}
