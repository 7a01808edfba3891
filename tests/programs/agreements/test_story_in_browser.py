"""One whole story in a real browser, with three people of three organizations: from a program logged to an agreement
that is kept."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from donors.models import User
from programs.agreements.models import Agreement
from programs.agreements.services import add_cases, prepare_meeting, watch
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import sweep
from tests import factories, worlds
from tests.programs.agreements.world import World

PATIENCE_MS = 120_000  # other tests run beside this one
expect.set_options(timeout=PATIENCE_MS)
Open = Callable[[User], Page]


@pytest.fixture
def window_of(
    committed_db: None, browser: Browser, live_server: LiveServer, signed_in: Callable[[User], Client]
) -> Iterator[Open]:
    """A browser of one's own, signed in."""
    opened: list[BrowserContext] = []

    def sign_in(user: User) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en")
        session = signed_in(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context.new_page()

    yield sign_in
    for context in opened:
        context.close()


def log_a_program(elena: Page) -> Program:
    elena.goto("/programs/new/")
    elena.fill("[name=title]", "Community police in Choloma")
    elena.fill("[name=description]", "Community police patrols in Choloma, with training for officers and radios.")
    elena.select_option("[name=status]", "2")
    elena.select_option("[name=countries-0-place]", "HN")
    elena.fill("[name=places-0-area]", "Cortés")
    elena.fill("[name=places-0-name]", "Choloma")
    elena.fill("[name=planned_start]", "2025-01-01")
    elena.fill("[name=planned_end]", "2028-12-31")
    elena.fill("[name=sectors-0-sector]", "15132")
    elena.fill("[name=transactions-0-value]", "900000")
    elena.fill("[name=transactions-0-date]", "2025-01-01")
    elena.click(".editor__actions [value=publish]")
    elena.wait_for_url(re.compile(r"/programs/\d+/$"))
    return Program.objects.get(title="Community police in Choloma")


def propose(carmen: Page, program: Program) -> None:
    carmen.get_by_role("link", name="Propose an agreement").click()
    carmen.get_by_label("Title").fill("Choloma, one after the other")
    carmen.get_by_label("Kind of agreement").select_option("sequence")
    carmen.get_by_label("Content of the agreement").fill("INL goes on alone from 2027.")
    first = carmen.get_by_role("group", name="Commitment 1")
    first.get_by_label("Type of commitment").select_option("move_dates")
    expect(first.get_by_label("Area")).to_be_hidden()
    first.get_by_label("Responsible").select_option("AECID")
    first.get_by_label("Program", exact=True).select_option(str(program.pk))
    first.get_by_label("New end").fill("2026-12-31")
    first.get_by_label("Due").fill("2027-01-31")
    first.get_by_label("Focal point").fill("Elena Ruiz")
    carmen.get_by_role("button", name="Save and propose to the parties").click()
    expect(carmen.get_by_role("status")).to_contain_text("the parties are notified")


def test_from_a_program_logged_to_an_agreement_that_is_kept(window_of: Open) -> None:
    inl, aecid = factories.organization("INL"), factories.organization("AECID")
    sica = factories.organization("SICA", is_coordinating_body=True)
    elena = window_of(factories.user(aecid, "manager", full_name="Elena Ruiz"))
    ines = window_of(factories.user(inl, "manager", full_name="Ines Miller"))
    carmen = window_of(factories.user(sica, "coordinator", full_name="Carmen Coordinadora"))
    factories.program(inl)

    # Logged, flagged by the engine, confirmed.
    program = log_a_program(elena)
    sweep(seconds=None)
    carmen.goto("/overlaps/")
    carmen.locator("main a.row-title").first.click()
    carmen.get_by_role("button", name="Confirm all open pairs").click()
    expect(carmen.get_by_role("status")).to_contain_text("1 case, 1 pair")
    assert Overlap.objects.get().state == "confirmed"

    # Proposed; countered by who would be alone; accepted by the other.
    propose(carmen, program)
    ines.goto("/my-organization/")
    ines.get_by_role("link", name="Choloma, one after the other").click()
    ines.get_by_role("link", name="Propose other terms").click()
    ines.get_by_role("group", name="Commitment 1").get_by_label("New end").fill("2027-06-30")
    ines.get_by_label("Reasons for these terms").fill("Our second precinct opens in June.")
    ines.get_by_role("button", name="Propose these terms").click()
    expect(ines.get_by_role("status")).to_contain_text("All other parties must respond again")
    elena.goto("/notifications/")
    elena.get_by_role("link", name="Choloma, one after the other").first.click()
    expect(elena.locator("main")).to_contain_text("to June 30, 2027")
    elena.get_by_role("button", name="Accept").click()
    expect(elena.get_by_role("status")).to_contain_text("You have accepted for AECID")
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.version) == ("agreed", 2)
    expect(elena.locator(".promises .mark")).to_have_text("Open")

    # The program changes as agreed: the portal sees it.
    elena.goto(f"/programs/{program.pk}/edit/")
    elena.fill("[name=planned_end]", "2027-06-30")
    elena.click(".editor__actions [value=save]")
    elena.wait_for_url(re.compile(r"/programs/\d+/$"))
    sweep(seconds=None)
    watch([program.pk])
    carmen.goto(agreement.get_absolute_url())

    expect(carmen.locator(".promises .mark")).to_have_text("Done")
    expect(carmen.locator("main")).to_contain_text("All commitments are done.")
    assert Agreement.objects.get().state == "kept"


def test_a_meeting_goes_by_arrow_keys_and_loses_nothing_with_its_window(window_of: Open) -> None:
    the = World()
    meeting = prepare_meeting(actor=the.carmen, title="Tegucigalpa", held_on=date(2026, 12, 1))
    other = worlds.overlap(the.left, factories.program(the.aecid, title="Radios for Choloma"))
    add_cases(meeting, [-the.overlap.pk, -other.pk], actor=the.carmen)
    page = window_of(the.carmen)
    page.goto(f"/meetings/{meeting.pk}/screen/1/")

    page.keyboard.press("ArrowRight")
    expect(page.locator(".screen__bar")).to_contain_text("Case 2 of 2")
    page.get_by_label("Note").press_sequentially("They share one trainer")
    page.keyboard.press("ArrowLeft")  # in the text, not to another case
    expect(page.locator(".screen__bar")).to_contain_text("Case 2 of 2")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(f"/meetings/{meeting.pk}/screen/2/")
    expect(page.get_by_label("Note")).to_have_value("They share one trainer")
    page.get_by_role("button", name="Postpone").click()

    expect(page.get_by_role("heading", name="Minutes")).to_be_visible()
    expect(page.locator("main")).to_contain_text("They share one trainer")
    page.goto(f"/meetings/{meeting.pk}/screen/2/")
    expect(page.get_by_label("Note")).to_have_value("")
