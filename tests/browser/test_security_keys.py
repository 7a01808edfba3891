"""Security keys and passkeys, as a browser with an authenticator of its own uses them (WebAuthn)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from donors.models import Organization, User
from tests import factories
from tests.browser.conftest import Visitor


@dataclass
class Desk:
    """A person at a browser with a security key in it."""

    person: User
    window: Page
    session: CDPSession
    authenticator: str = field(init=False)

    def __post_init__(self) -> None:
        self.session.send("WebAuthn.enable")
        self.plug_in()

    def plug_in(self) -> None:
        """A new key that holds nothing yet; anyone who touches it has proved who they are."""
        options = {
            "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        added = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator = added["authenticatorId"]

    def change_the_key(self) -> None:
        """Takes the key away, and plugs in another one."""
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.authenticator})
        self.plug_in()

    def credentials(self) -> list[dict[str, Any]]:
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})["credentials"]

    def sign_in(self) -> None:
        """As far as the password brings them."""
        self.window.goto("/accounts/login/")
        self.window.fill("[name=login]", self.person.email)
        self.window.fill("[name=password]", factories.PASSWORD)
        self.window.get_by_role("button", name="Sign in", exact=True).click()
        self.window.wait_for_url(lambda url: "/login/" not in url)

    def add_the_key(self, name: str, *, alone: bool = False) -> None:
        """A first key, up to the recovery codes that come with it."""
        self.window.goto("/accounts/2fa/webauthn/add/")
        # Anyone who changes how they sign in gives the password once more.
        self.window.fill("[name=password]", factories.PASSWORD)
        self.window.get_by_role("button", name="Continue").click()
        self.window.fill("[name=name]", name)
        if alone:
            self.window.get_by_text("Sign in with this key alone").click()
        self.window.get_by_role("button", name="Add the key").click()
        expect(self.window.get_by_role("heading", level=1)).to_have_text("Recovery codes")

    def sign_out(self) -> None:
        self.window.get_by_role("button", name="Sign out").click()
        expect(self.window.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.fixture
def desk(visitor: Visitor) -> Iterator[Desk]:
    person = factories.user(Organization.objects.earliest("pk"), "editor", full_name="Ana Llave", language="en")
    with visitor() as window:
        yield Desk(person, window, window.context.new_cdp_session(window))


def test_a_key_is_added_and_then_wanted_beside_the_password(desk: Desk) -> None:
    window = desk.window
    desk.sign_in()

    desk.add_the_key("Blue key")

    # The first second factor brings the codes for the day when it is lost.
    codes = window.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    window.goto("/accounts/2fa/webauthn/")
    expect(window.locator("main")).to_contain_text("Blue key")
    expect(window.locator("main")).to_contain_text("Not used yet")
    assert [credential["isResidentCredential"] for credential in desk.credentials()] == [False]

    desk.sign_out()
    desk.sign_in()
    expect(window.get_by_role("heading", level=1)).to_have_text("Second factor")
    window.get_by_role("button", name="Use a security key").click()

    expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")
    assert desk.credentials()[0]["signCount"] > 1

    desk.sign_out()
    desk.sign_in()
    window.fill("[name=code]", codes[0])
    window.get_by_role("button", name="Sign in", exact=True).click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")


def test_another_key_does_not_let_in_and_the_page_says_so(desk: Desk) -> None:
    window = desk.window
    desk.sign_in()
    desk.add_the_key("Blue key")
    desk.sign_out()

    desk.change_the_key()
    desk.sign_in()
    window.get_by_role("button", name="Use a security key").click()

    expect(window.get_by_role("alert")).to_be_visible()
    window.goto("/programs/")
    expect(window.get_by_role("heading", level=1)).not_to_have_text("Programs")


def test_a_passkey_signs_in_alone(desk: Desk) -> None:
    window = desk.window
    desk.sign_in()
    desk.add_the_key("My phone", alone=True)
    assert [credential["isResidentCredential"] for credential in desk.credentials()] == [True]
    window.goto("/accounts/2fa/webauthn/")
    expect(window.locator("main .tag")).to_have_text("passkey")
    desk.sign_out()

    window.get_by_role("button", name="Sign in with a passkey").click()

    expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")
    expect(window.get_by_role("link", name="Ana", exact=True)).to_be_visible()


def test_a_key_confirms_that_it_is_its_owner(desk: Desk) -> None:
    window = desk.window
    desk.sign_in()
    desk.add_the_key("Blue key")
    desk.sign_out()
    desk.sign_in()
    window.get_by_role("button", name="Use a security key").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")

    window.goto("/accounts/2fa/webauthn/reauthenticate/?next=/accounts/2fa/webauthn/add/")
    window.get_by_role("button", name="Use a security key").click()

    expect(window.get_by_role("heading", level=1)).to_have_text("Add a security key")


def test_without_javascript_no_key_is_offered(visitor: Visitor) -> None:
    with visitor(java_script_enabled=False) as window:
        window.goto("/accounts/login/")

        expect(window.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
