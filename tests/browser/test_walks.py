"""What people do on the pages: by keyboard alone, without JavaScript, in the other language."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from donors.models import ApiKey, Organization, User
from programs.exchange.demonstration.accounts import password
from programs.models import Program
from programs.overlap.models import Overlap
from tests import factories
from tests.browser.conftest import COORDINATOR, WIDE, Site, Visitor


def tab_to(window: Page, target: Locator, presses: int = 150) -> None:
    """Goes on by Tab until the target has the focus, and holds that one sees where the focus is all along."""
    for _press in range(presses):
        window.keyboard.press("Tab")
        outline = window.evaluate(
            "(style => style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth))"
            "(getComputedStyle(document.activeElement))"
        )
        assert outline >= 2, window.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way to {target} by Tab")


class TestByKeyboardAlone:
    def test_from_sign_in_to_a_confirmed_overlap(self, visitor: Visitor) -> None:
        with visitor() as window:
            window.goto("/")
            tab_to(window, window.get_by_label("Email"))
            window.keyboard.type(COORDINATOR)
            tab_to(window, window.get_by_label("Password"))
            window.keyboard.type(password())
            window.keyboard.press("Enter")

            # Carmen reads Spanish, as her profile says; this browser's choice goes before that.
            expect(window.get_by_role("heading", level=1)).to_have_text("Panorama de la región")
            tab_to(window, window.get_by_role("button", name="English"))
            window.keyboard.press("Enter")
            expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")

            cell = window.get_by_role("table").get_by_role("link", name="overlap").first
            tab_to(window, cell)
            window.keyboard.press("Enter")
            expect(window.get_by_role("heading", level=1)).to_have_text("Overlaps")

            tab_to(window, window.locator("main a.row-title").first)
            window.keyboard.press("Enter")
            expect(window.get_by_role("heading", name="Why it was flagged")).to_be_visible()

            tab_to(window, window.get_by_label("Note"))
            window.keyboard.type("They agreed to share one trainer.")
            tab_to(window, window.get_by_role("button", name="Confirm all open pairs"))
            window.keyboard.press("Enter")
            expect(window.get_by_role("status")).to_contain_text("1 case, ")
            pairs = Overlap.objects.filter(case=int(window.url.rstrip("/").rsplit("/", 1)[1]))
        assert pairs.filter(state=Overlap.State.CONFIRMED, reviews__note="They agreed to share one trainer.").exists()
        assert not pairs.open().exists()

    def test_the_first_stop_skips_to_the_content(self, visitor: Visitor) -> None:
        with visitor(COORDINATOR) as window:
            window.goto("/programs/")
            window.keyboard.press("Tab")
            expect(window.locator(".usa-skipnav")).to_be_in_viewport()
            window.keyboard.press("Enter")
            window.keyboard.press("Tab")

            assert window.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.fixture
def plain(visitor: Visitor) -> Iterator[Page]:
    """A coordinator's browser without JavaScript."""
    with visitor(COORDINATOR, java_script_enabled=False) as window:
        yield window


class TestWithoutJavaScript:
    def test_signs_in(self, visitor: Visitor) -> None:
        with visitor(java_script_enabled=False) as window:
            window.goto("/accounts/login/")
            window.fill("[name=login]", "manager.inl@example.org")
            window.fill("[name=password]", password())
            window.click("main button")

            expect(window.get_by_role("heading", level=1)).to_have_text("Overview of the region")

    def test_the_matrix_leads_to_the_programs_that_it_counts(self, plain: Page) -> None:
        plain.goto("/")
        cell = plain.locator(".matrix tbody td:not(.gap) a.programs").first
        counted = int(cell.locator("strong").inner_text().split()[0])
        cell.click()

        expect(plain.locator(".results-head p")).to_have_text(f"{counted} program" + ("s" if counted > 1 else ""))

    def test_programs_are_filtered_and_paged(self, plain: Page) -> None:
        plain.goto("/programs/")
        plain.get_by_role("link", name="Next page").click()
        expect(plain.get_by_text("Page 2 of")).to_be_visible()
        plain.get_by_label("Country").select_option("BZ")
        plain.get_by_role("button", name="Apply").click()

        expect(plain.locator(".chosen")).to_contain_text("Country: Belize")

    def test_goals_are_corrected(self, plain: Page) -> None:
        program = Program.objects.filter(title="Drug observatories of Central America").get()
        plain.goto(program.get_absolute_url())
        plain.get_by_role("link", name="Correct the goals").click()
        for number in range(1, 6):
            plain.fill(f"[name=goal_{number}]", {2: "75", 5: "25"}.get(number, ""))
        plain.get_by_role("button", name="Save the goals").click()

        expect(plain.get_by_role("status")).to_contain_text("The goals are set.")
        expect(plain.locator(".history > li").first).to_contain_text("Carmen Coordinadora")

    def test_an_overlap_is_dismissed_and_reopened(self, plain: Page) -> None:
        overlap = Overlap.objects.open().filter(kind=Overlap.Kind.OVERLAP).order_by("score")[3]
        plain.goto(overlap.get_absolute_url())
        plain.get_by_label("Reason").select_option("complementary")
        plain.get_by_role("button", name="Dismiss").click()
        expect(plain.get_by_role("status")).to_contain_text("dismissed")
        plain.get_by_role("button", name="Reopen").click()

        expect(plain.get_by_role("status")).to_contain_text("reopened")
        overlap.refresh_from_db()
        assert overlap.state == Overlap.State.OPEN

    def test_overlaps_are_filtered(self, plain: Page) -> None:
        plain.goto("/overlaps/")
        plain.get_by_label("Status").select_option("dismissed")
        plain.get_by_role("button", name="Apply").click()

        expect(plain.locator(".tag--dismissed").first).to_be_visible()

    def test_a_donor_is_found(self, plain: Page) -> None:
        plain.goto("/donors/")
        plain.get_by_label("Name of the donor").fill("AECID")
        plain.get_by_role("button", name="Search").click()
        plain.get_by_role("link", name="Agencia Española").click()

        expect(plain.get_by_role("heading", level=1)).to_contain_text("Agencia Española")

    def test_a_key_is_made_and_revoked(self, plain: Page) -> None:
        plain.goto("/account/")
        plain.get_by_label("Name of the key").fill("Made without JavaScript")
        plain.get_by_role("button", name="Create key").click()
        expect(plain.locator(".secret")).to_contain_text("carsi_")
        plain.get_by_role("button", name="Revoke Made without JavaScript").click()

        expect(plain.get_by_role("status")).to_contain_text("no longer works")
        assert ApiKey.objects.get(name="Made without JavaScript").revoked_at is not None

    def test_signs_out(self, visitor: Visitor) -> None:
        with visitor("viewer.undp@example.org", java_script_enabled=False) as window:
            window.goto("/")
            window.get_by_role("button", name="Sign out").click()
            window.goto("/")

            expect(window.get_by_role("heading", level=1)).to_have_text("Sign in")


class TestComments:
    @pytest.fixture
    def marta(self, site: Site) -> User:
        """A coordinator whom nobody has told anything yet."""
        return factories.user(
            Organization.objects.get(is_coordinating_body=True), "coordinator", full_name="Marta Mención", language="en"
        )

    def test_who_is_mentioned_is_told_and_led_there(self, visitor: Visitor, site: Site, marta: User) -> None:
        with visitor("editor.aecid@example.org") as window:
            for address, stated in ((site.addresses["rich"], "On a program"), (site.addresses["overlap"], "On a pair")):
                window.goto(address)
                comment = window.get_by_label("Your comment")
                comment.press_sequentially(f"{stated}, @mar men")
                expect(window.get_by_role("option")).to_have_count(1)
                comment.press("Enter")
                expect(comment).to_have_value(f"{stated}, @Marta Mención ")
                window.get_by_role("button", name="Post the comment").click()
                expect(window.locator(".comment").last).to_contain_text("Elena Ruiz")
                expect(window.locator(".comment").last.locator(".tag")).to_have_text("@Marta Mención")

        with visitor(marta.email) as window:
            window.goto("/")
            told = window.locator(".site-tools").get_by_role("link", name="Notifications")
            expect(told).to_have_text("Notifications 2 unread")
            told.click()
            expect(window.locator(".notification--unread")).to_have_count(2)
            window.get_by_role("button", name="Mark as read").last.click()
            expect(told).to_have_text("Notifications 1 unread")
            expect(window.locator(".notification--unread")).to_contain_text("Elena Ruiz mentioned you in a comment.")
            window.locator(".notification--unread a").click()

            expect(window).to_have_url(site.url + site.addresses["overlap"] + "#comments")
            expect(window.locator(".comment").last).to_contain_text("On a pair, @Marta Mención")
            expect(told).to_have_text("Notifications")

    def test_without_javascript_people_are_chosen_from_a_list(
        self, visitor: Visitor, plain: Page, site: Site, marta: User
    ) -> None:
        plain.goto(site.addresses["long"])
        plain.get_by_label("Your comment").fill("Please look")
        plain.get_by_text("Mention people").click()
        plain.get_by_label("Marta Mención").last.check()
        plain.get_by_role("button", name="Post the comment").click()
        expect(plain.locator(".comment").last).to_contain_text("@Marta Mención")

        plain.locator(".comment").last.get_by_text("Withdraw", exact=True).click()
        plain.get_by_role("button", name="Withdraw this comment").click()
        expect(plain.locator(".comment").last).to_contain_text("Withdrawn by its author")
        with visitor(marta.email, java_script_enabled=False) as window:
            window.goto("/notifications/")
            expect(window.get_by_text("Nothing yet.")).to_be_visible()

    def test_how_often_letters_come_is_chosen_in_the_profile(self, visitor: Visitor, marta: User) -> None:
        with visitor(marta.email) as window:
            window.goto("/notifications/")
            window.get_by_role("link", name="Email frequency").click()
            window.get_by_label("email frequency").select_option("off")
            window.get_by_role("region", name="Profile").get_by_role("button", name="Save").click()
            expect(window.get_by_role("status").first).to_contain_text("Your profile is saved.")
        marta.refresh_from_db()
        assert marta.digest == "off"


class TestTheOtherLanguage:
    def test_the_switch_stays_on_the_page_and_is_remembered(self, visitor: Visitor) -> None:
        with visitor(COORDINATOR) as window:
            window.goto("/programs/?country=HN")
            window.get_by_role("button", name="Español").click()
            expect(window.get_by_role("heading", level=1)).to_have_text("Programas")
            assert window.url.endswith("/programs/?country=HN")
            window.goto("/donors/")

            expect(window.get_by_role("heading", level=1)).to_have_text("Donantes")

    def test_who_has_chosen_nothing_reads_the_browsers_language(self, visitor: Visitor) -> None:
        with visitor(language="es") as window:
            window.goto("/accounts/login/")

            expect(window.get_by_role("heading", level=1)).to_have_text("Iniciar sesión")


class TestPrinted:
    def test_a_program_prints_without_what_only_a_screen_needs(self, visitor: Visitor, site: Site) -> None:
        with visitor(COORDINATOR, width=WIDE) as window:
            window.goto(site.addresses["rich"])
            window.emulate_media(media="print")

            expect(window.locator(".site-nav")).to_be_hidden()
            expect(window.get_by_role("heading", level=1)).to_be_visible()
            expect(window.locator("main table").first).to_be_visible()

    def test_the_matrix_prints_as_a_table(self, visitor: Visitor) -> None:
        with visitor(COORDINATOR, width=WIDE) as window:
            window.goto(reverse("region:home"))
            window.emulate_media(media="print")
            window.set_viewport_size({"width": 720, "height": 1000})  # a sheet of letter paper

            expect(window.locator("table.matrix")).to_be_visible()
