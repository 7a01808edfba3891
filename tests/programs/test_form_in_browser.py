"""The form of a program in a real browser: by keyboard, without JavaScript, on a bad line."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from donors.models import Organization, User
from goals.models import Area
from programs.models import Program, WorkingCopy
from programs.overlap.services import scan_programs
from tests import factories
from tests.conftest import ROOT

expect.set_options(timeout=120_000)  # other tests run beside these
AXE = (ROOT / "static" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Open = Callable[..., Page]


@pytest.fixture
def org(committed_db: None) -> Organization:
    return factories.organization("Agencia Española de Cooperación", short_name="AECID", ref="ES-DIR3")


@pytest.fixture
def manager(org: Organization) -> User:
    return factories.user(org, "manager", full_name="Elena Ruiz")


@pytest.fixture
def sign_in_as(
    browser: Browser, live_server: LiveServer, signed_in: Callable[[User], Client]
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser signed in as a user."""
    opened: list[BrowserContext] = []

    def sign_in(user: User, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        session = signed_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        context.set_default_timeout(120_000)
        opened.append(context)
        return context

    yield sign_in
    for context in opened:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def state(page: Page, kind: str) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", kind, timeout=120_000)


class Keyboard:
    """Somebody who never touches the mouse: goes from field to field with the tabulator, counting keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def go_to(self, name: str) -> None:
        """On to the field or button of that name (for a button, its name=value)."""
        for _step in range(80):
            focused = self.page.evaluate(
                "() => { const e = document.activeElement; return e.name === 'do' ? 'do=' + e.value : e.name ?? '' }"
            )
            if focused == name:
                return
            self.press("Tab")
        raise AssertionError(f"the tabulator does not lead to {name}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def enter(self, name: str, text: str) -> None:
        self.go_to(name)
        self.type(text)

    def choose(self, name: str, text: str) -> None:
        """Types into a field with choices and takes the first."""
        self.enter(name, text)
        expect(self.page.locator(".combobox__list:not([hidden]) [role=option]").first).to_be_visible()
        self.press("ArrowDown")
        self.press("Enter")


def test_a_program_from_nothing_to_published_by_keyboard(
    manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]
) -> None:
    factories.organization("Policía Nacional de Honduras")
    page = sign_in_as(manager, locale="en").new_page()
    page.goto("/programs/new/")
    keyboard = Keyboard(page)

    keyboard.enter("title", "Community policing in Choloma")
    keyboard.enter("description", "Community police patrols with training for officers, against gangs.")
    keyboard.enter("status", "Impl")
    keyboard.enter("countries-0-place", "Hon")
    keyboard.choose("places-0-area", "cortes")
    keyboard.enter("places-0-name", "Choloma")
    keyboard.enter("planned_start", "01012026")
    keyboard.enter("planned_end", "12312027")
    keyboard.choose("sectors-0-sector", "police")
    keyboard.choose("organizations-1-name", "policia")
    keyboard.enter("transactions-0-value", "1,500,000")
    keyboard.enter("transactions-0-date", "01152026")
    state(page, "saved")
    assert violations(page) == []
    keyboard.go_to("do=publish")
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/programs/\d+/$"))

    program = Program.objects.get()
    assert (program.stage, program.committed_usd) == ("published", 1_500_000)
    assert [(row.area_id, row.name) for row in program.locations.all()] == [("HN-CR", "Choloma")]
    assert [row.sector_id for row in program.sectors.all()] == ["15132"]
    assert {(row.organization.name, row.role) for row in program.participations.all()} == {
        (org.name, 1),
        ("Policía Nacional de Honduras", 4),
    }
    # At four keys a second this is under three minutes.
    assert keyboard.keys < 500
    assert violations(page) == []


def test_a_refused_button_leaves_the_errors_and_the_text(
    manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]
) -> None:
    draft = factories.program(org, stage="draft", status=None)
    page = sign_in_as(manager, locale="en").new_page()
    page.goto(f"/programs/{draft.pk}/edit/")
    page.fill("[name=title]", "Not yet")
    page.click(".editor__actions [value=publish]")
    state(page, "saved")

    expect(page.locator("#errors")).to_contain_text("Choose the status of the program.")
    expect(page.locator("[name=title]")).to_have_value("Not yet")
    draft.refresh_from_db()
    assert draft.title == "Not yet"


class TestMap:
    def test_is_fetched_only_when_it_is_opened(self, manager: User, sign_in_as: Callable[..., BrowserContext]) -> None:
        page = sign_in_as(manager, locale="en").new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "areas" in request.url else None)
        page.goto("/programs/new/")
        page.wait_for_load_state("networkidle")
        assert asked == []

        page.get_by_text("Choose on the map").click()

        expect(page.locator("#area-map [role=button]")).to_have_count(98)
        assert len(asked) == 1

    @pytest.mark.parametrize("width", [360, 1280])
    def test_a_click_puts_the_area_on_the_list(
        self, width: int, manager: User, sign_in_as: Callable[..., BrowserContext]
    ) -> None:
        page = sign_in_as(manager, locale="es", viewport={"width": width, "height": 740}).new_page()
        page.goto("/programs/new/")
        page.locator("#area-map summary").click()
        page.select_option("#area-map-country", "HN")

        # In the middle of its box a department of Honduras need not lie; a point of the department does.
        page.locator("#area-map [data-code='HN-OL']").click()
        page.locator("#area-map [data-code='HN-EP']").click()
        page.locator("#area-map [data-code='HN-OL']").click()

        expect(page.locator("[name=places-0-area]")).to_have_value("Olancho, Honduras")
        expect(page.locator("[name=places-1-area]")).to_have_value("El Paraíso, Honduras")
        expect(page.locator("[name=countries-0-place]")).to_have_value("HN")
        assert page.locator("[name^=places-][name$=-area]").count() == 2
        state(page, "saved")
        assert {row.area_id for row in Program.objects.get().locations.all()} == {"HN-OL", "HN-EP"}
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width

    def test_is_walked_with_the_arrow_keys(self, manager: User, sign_in_as: Callable[..., BrowserContext]) -> None:
        page = sign_in_as(manager, locale="en").new_page()
        page.goto("/programs/new/")
        page.locator("#area-map summary").press("Enter")
        page.select_option("#area-map-country", "HN")
        page.locator("#area-map-country").press("Tab")
        focused = "document.activeElement.dataset.code"
        begun = page.evaluate(focused)
        page.keyboard.press("ArrowRight")
        code = page.evaluate(focused)
        page.keyboard.press("Enter")

        assert begun != code
        chosen = Area.objects.get(pk=code)
        expect(page.locator("[name=places-0-area]")).to_have_value(f"{chosen.name}, Honduras")
        expect(page.locator("#area-map [role=status]")).to_have_text(f"{chosen.name}, Honduras is now in the list.")
        assert page.evaluate(focused) == code


def test_without_javascript(manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]) -> None:
    page = sign_in_as(manager, java_script_enabled=False).new_page()
    page.goto("/programs/new/")
    page.fill("[name=title]", "Community policing in Choloma")
    page.fill("[name=description]", "Community police patrols, training for officers.")
    page.select_option("[name=countries-0-place]", "HN")
    page.click("[value='add:countries']")
    page.select_option("[name=countries-1-place]", "GT")
    page.click("[value='share:countries']")
    expect(page.locator("[name=countries-1-percentage]")).to_have_value("50.00")
    page.fill("[name=organizations-1-name]", "Agencia Espanola")
    page.click(".editor__actions [value=save]")
    expect(page.get_by_text("Did you mean")).to_be_visible()
    page.click("[value^='use:organizations-1']")
    expect(page.locator("[name=organizations-1-name]")).to_have_value(org.name)
    page.click(".editor__actions [value=publish]")
    expect(page.locator("#errors")).to_contain_text("Choose the status of the program.")
    page.select_option("[name=status]", "2")
    page.click(".editor__actions [value=publish]")
    page.wait_for_url(re.compile(r"/programs/\d+/$"))

    program = Program.objects.get()
    assert program.stage == "published"
    assert {row.country_id for row in program.coverages.all()} == {"HN", "GT"}


class TestAutosave:
    def test_what_was_typed_offline_is_sent_when_the_line_is_back(
        self, manager: User, sign_in_as: Callable[..., BrowserContext]
    ) -> None:
        context = sign_in_as(manager)
        page = context.new_page()
        page.goto("/programs/new/")
        page.fill("[name=title]", "Begun on a good line")
        state(page, "saved")
        page.wait_for_url(re.compile(r"/programs/\d+/edit/$"))

        context.set_offline(True)
        page.fill("[name=description]", "Gone on without one")
        state(page, "offline")
        expect(page.locator("#save-state")).to_contain_text("no connection")
        context.set_offline(False)
        state(page, "saved")

        assert Program.objects.get().description == "Gone on without one"

    def test_it_survives_closing_the_page(self, manager: User, sign_in_as: Callable[..., BrowserContext]) -> None:
        context = sign_in_as(manager)
        page = context.new_page()
        page.goto("/programs/new/")
        page.fill("[name=title]", "Begun")
        state(page, "saved")
        address = page.url

        context.set_offline(True)
        page.fill("[name=description]", "Typed before the battery went")
        page.fill("[name=transactions-0-value]", "about 5")
        state(page, "offline")
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(address)

        expect(page.locator("[name=description]")).to_have_value("Typed before the battery went")
        expect(page.locator("[name=transactions-0-value]")).to_have_value("about 5")
        assert Program.objects.get().description == "Typed before the battery went"
        assert WorkingCopy.objects.get().typed["transactions-0-value"] == "about 5"

    def test_a_new_form_that_never_reached_the_server_is_found_again(
        self, manager: User, sign_in_as: Callable[..., BrowserContext]
    ) -> None:
        context = sign_in_as(manager)
        page = context.new_page()
        page.goto("/programs/new/")
        context.set_offline(True)
        page.fill("[name=title]", "Never sent")
        state(page, "offline")

        # The same page asked for again: no connection while it closes, one when it opens.
        page.goto("about:blank")
        context.set_offline(False)
        page.goto("/programs/new/")

        page.wait_for_url(re.compile(r"/programs/\d+/edit/$"))
        expect(page.locator("[name=title]")).to_have_value("Never sent")
        assert Program.objects.count() == 1

    def test_signed_out_it_waits_for_the_next_sign_in(
        self,
        manager: User,
        sign_in_as: Callable[..., BrowserContext],
        signed_in: Callable[[User], Client],
        live_server: LiveServer,
    ) -> None:
        context = sign_in_as(manager)
        page = context.new_page()
        page.goto("/programs/new/")
        cookies = context.cookies()
        context.clear_cookies()
        page.fill("[name=title]", "Typed after the session ended")
        state(page, "signed_out")

        session = signed_in(manager).cookies["sessionid"].value
        context.add_cookies([one for one in cookies if one["name"] == "csrftoken"])
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        state(page, "saved")

        assert Program.objects.get().title == "Typed after the session ended"

    def test_a_button_pressed_during_a_save_waits_for_it(
        self, manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]
    ) -> None:
        program = factories.program(org, stage="draft")
        page = sign_in_as(manager).new_page()
        page.goto(f"/programs/{program.pk}/edit/")
        held: list[Route] = []
        page.route("**/autosave/", lambda route: held.append(route))
        page.fill("[name=title]", "Published at once")
        page.locator("[name=title]").blur()
        state(page, "saving")
        page.click(".editor__actions [value=publish]")
        assert len(held) == 1
        held[0].continue_()
        page.wait_for_url(re.compile(r"/programs/\d+/$"))

        program.refresh_from_db()
        assert (program.title, program.stage) == ("Published at once", "published")

    def test_two_windows_are_told_and_compared(
        self, manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]
    ) -> None:
        program = factories.program(org, stage="draft")
        context = sign_in_as(manager)
        first, second = context.new_page(), context.new_page()
        for page in (first, second):
            page.goto(f"/programs/{program.pk}/edit/")
        first.fill("[name=title]", "First window")
        state(first, "saved")
        second.fill("[name=title]", "Second window")
        state(second, "conflict")

        second.get_by_role("button", name="Compare the two").click()
        expect(second.get_by_text("First window").last).to_be_visible()
        assert violations(second) == []
        second.get_by_label("Your version").first.check(force=True)
        second.get_by_role("button", name="Save my choices").click()
        second.wait_for_url(re.compile(r"/edit/$"))

        program.refresh_from_db()
        assert program.title == "Second window"


def test_the_panel_shows_overlaps_while_typing(manager: User, sign_in_as: Callable[..., BrowserContext]) -> None:
    theirs = factories.organization("Their agency")
    factories.user(theirs, "manager", full_name="Mario Zelaya")
    neighbour = factories.program(theirs)
    scan_programs([neighbour.pk])
    page = sign_in_as(manager).new_page()
    page.goto("/programs/new/")
    page.fill("[name=title]", "Community policing in Choloma")
    page.fill("[name=description]", "Community police patrols in Choloma, with training for officers and radios.")
    page.select_option("[name=countries-0-place]", "HN")
    page.fill("[name=places-0-area]", "Cortes")
    page.fill("[name=places-0-name]", "Choloma")
    page.fill("[name=planned_start]", "2024-01-01")
    page.fill("[name=planned_end]", "2026-12-31")
    page.fill("[name=sectors-0-sector]", "15132")

    panel = page.locator("#overlap-panel")
    expect(panel).to_contain_text(neighbour.title)
    expect(panel).to_contain_text("Mario Zelaya")
    panel.get_by_role("button", name="Link as related program").click()
    expect(page.locator("[name=related-0-identifier]")).to_have_value(neighbour.identifier)
    assert violations(page) == []


def test_pages_pass_axe_and_fit_a_phone(
    manager: User, org: Organization, sign_in_as: Callable[..., BrowserContext]
) -> None:
    User.objects.filter(pk=manager.pk).update(language="es")
    program = factories.program(org)
    context = sign_in_as(manager, viewport={"width": 360, "height": 740}, locale="es")
    page = context.new_page()
    for address in (
        "/programs/new/",
        f"/programs/{program.pk}/edit/",
        f"/programs/{program.pk}/",
        f"/programs/{program.pk}/history/",
        "/my-organization/",
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == 360, address


def test_the_form_is_light(manager: User, sign_in_as: Callable[..., BrowserContext]) -> None:
    """The issue's bar is 150 KB over the wire for all of it; of that the page itself is a small part."""
    page = sign_in_as(manager).new_page()

    answer = page.goto("/programs/new/")
    page.wait_for_load_state("networkidle")

    assert answer is not None
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.request.sizes()["responseBodySize"] < 12_000
