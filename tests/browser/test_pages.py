"""Every page in the longer language, wide and narrow: one line of PAGES each."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from programs.exchange.demonstration.accounts import password
from tests.browser.conftest import AECID, NARROW, WIDE, WITH_SECOND_FACTOR, Entry, Seen


def sign_in_wrongly(window: Page) -> None:
    window.fill("[name=login]", "somebody@example.org")
    window.fill("[name=password]", "not the password")
    window.click("main button")
    window.wait_for_selector("[role=alert]")


def dismiss_without_a_reason(window: Page) -> None:
    window.click("[value=dismiss]")
    window.wait_for_selector("[role=alert]")


def decline_without_a_reason(window: Page) -> None:
    window.click("[value=decline]")
    window.wait_for_selector(".usa-error-message")


def give_more_than_a_hundred(window: Page) -> None:
    window.fill("[name=goal_1]", "150")
    window.click("main form button")
    window.wait_for_selector("[role=alert]")


def give_less_than_a_hundred(window: Page) -> None:
    for number in range(1, 6):
        window.fill(f"[name=goal_{number}]", "10" if number == 1 else "")
    window.click("main form button")
    window.wait_for_selector("[role=alert]")


def make_a_key(window: Page) -> None:
    window.fill("[name=name]", "Nightly report")
    window.click("form[action$='/keys/'] button")
    window.wait_for_selector(".secret")


def lead_into_a_private_network(window: Page) -> None:
    window.fill("[name=name]", "Data warehouse")
    window.fill("[name=url]", "https://10.20.30.40/carsi")
    window.click("label[for=id_kinds_0]")
    window.click("form:has([name=url]) button")
    window.wait_for_selector("[role=alert]")


def unfold_everything(window: Page) -> None:
    window.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")


def invite_a_member(window: Page) -> None:
    window.fill("[name=email]", "manager.inl@example.org")
    window.click("form[action$='/invite/'] button")
    window.wait_for_selector("[role=alert]")


def add_one_in_the_list(window: Page) -> None:
    window.fill("[name=name]", "AECID")
    window.click("form:has([name=name]) button")
    window.wait_for_selector("[role=alert]")


def accept_with_a_weak_password(window: Page) -> None:
    window.fill("[name=full_name]", "Ana Nueva")
    window.fill("[name=password]", "password")
    window.click("main form button")
    window.wait_for_selector("[role=alert]")


def confirm(window: Page) -> None:
    """Gives the password where it is asked for once more."""
    window.fill("[name=password]", password())
    window.click("main form button")
    window.wait_for_url(lambda url: "reauthenticate" not in url)


def sign_in_as_far_as_the_second_factor(window: Page) -> None:
    window.fill("[name=login]", WITH_SECOND_FACTOR)
    window.fill("[name=password]", password())
    window.click("main form button")
    window.wait_for_selector("[name=code]")


def upload_a_broken_file(window: Page) -> None:
    window.set_input_files("[name=file]", {"name": "programs.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04no"})
    window.click("form[enctype] button")
    window.wait_for_selector("[role=alert]")


def choose_a_column_twice(window: Page) -> None:
    window.select_option("[name=column_0]", "title")
    window.click("main form button:not([name])")
    window.wait_for_selector("[role=alert]")


IMPORTS = "editor.idb@example.org"


def comment_nothing(window: Page) -> None:
    window.fill("[name=text]", "  ")
    window.click(".comment-form button")
    window.wait_for_selector("[role=alert]")


def call_somebody(window: Page) -> None:
    window.locator("[name=text]").press_sequentially("@C")
    window.wait_for_selector("[role=listbox]")


def stop_the_emails(window: Page) -> None:
    window.click("main form button")
    window.wait_for_selector("[role=status]")


def ask_why(window: Page) -> None:
    for key in ("j", "d"):
        window.keyboard.press(key)
    window.wait_for_selector("#why[open]")


def begin_a_program(window: Page) -> None:
    """So far that overlaps, proposed goals, dollars and the map are shown."""
    window.fill("[name=title]", "Policía comunitaria en Choloma")
    window.fill("[name=description]", "Patrullas de policía comunitaria y capacitación de agentes contra las maras.")
    window.select_option("[name=countries-0-place]", "HN")
    window.fill("[name=places-0-area]", "Cortés")
    window.fill("[name=places-0-name]", "Choloma")
    window.fill("[name=planned_start]", "2024-01-01")
    window.fill("[name=planned_end]", "2026-12-31")
    window.fill("[name=sectors-0-sector]", "15132")
    window.click("#area-map summary")
    window.wait_for_selector("#area-map [data-code='HN-CR'].is-listed")
    window.wait_for_selector("#overlap-panel .reasons")
    window.wait_for_selector("#save-state[data-state=saved]")


def ask_for_a_period_backwards(window: Page) -> None:
    window.fill("[name=first]", "2026-02-01")
    window.fill("[name=last]", "2026-01-01")
    window.click("#ask ~ form button")
    window.wait_for_selector("[role=alert]")


def publish_too_early(window: Page) -> None:
    window.fill("[name=title]", "Policía comunitaria")
    window.fill("[name=organizations-0-name]", "Agencia Espanola")
    window.fill("[name=places-0-area]", "Cortesano")
    window.fill("[name=transactions-0-value]", "5 o 6")
    window.click(".editor__actions [value=submit]")
    window.wait_for_selector("#errors")


def save_over_somebody(window: Page) -> None:
    window.evaluate("document.querySelector('#program-form [name=version]').value = '0'")
    window.fill("[name=title]", "Mine")
    window.click(".editor__actions [value=save]")
    window.wait_for_selector(".compare")


def check_wrong_priorities(window: Page) -> None:
    sheet = (
        "Goal,Title in English,Title in Spanish,From,To\n7,Safe buses,,soon,2026-01-01\n1,A,B,2026-01-01,2027-01-01\n"
    )
    window.get_by_label("Spreadsheet").or_(window.get_by_label("Hoja de cálculo")).set_input_files(
        {"name": "p.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    window.locator("main form button").first.click()


def decline(window: Page) -> None:
    window.click("[value=decline]")
    window.wait_for_selector("[role=alert]")


def propose_too_early(window: Page) -> None:
    window.click("[value=add]")
    window.select_option("[name=commitment-0-kind]", "leave_area")
    window.click("[value=propose]")
    window.wait_for_selector("[role=alert]")


PAGES = (
    Entry("sign in", "/accounts/login/", who=""),
    Entry("sign in, refused", "/accounts/login/", who="", does=sign_in_wrongly),
    Entry("sign up", "/accounts/signup/", who=""),
    Entry("account not active", "/accounts/inactive/", who=""),
    Entry("reset the password", "/accounts/password/reset/", who=""),
    Entry("link on its way", "/accounts/password/reset/done/", who=""),
    Entry("choose a password", "{choose_password}", who=""),
    Entry("password chosen", "/accounts/password/reset/key/done/", who=""),
    Entry("change the password", "/accounts/password/change/"),
    Entry("sign out", "/accounts/logout/"),
    Entry("region", "/", does=unfold_everything),
    Entry("exchange rates", "/rates/", who="admin@example.org"),
    Entry("exchange rates of a currency", "/rates/HNL/", who="admin@example.org"),
    Entry("programs", "/programs/"),
    Entry("programs, filtered", "/programs/?country=HN&goal=1&sort=money&q=policia", does=unfold_everything),
    Entry("programs, none", "/programs/?q=zzzzz"),
    Entry("programs, wrong filters", "/programs/?country=XX&start=soon", does=unfold_everything, status=400),
    Entry("program with money", "{rich}"),
    Entry("program with a long title", "{long}"),
    Entry("program, restricted", "{restricted}"),
    Entry("goals", "{goals}"),
    Entry("goals, one too high", "{goals}", does=give_more_than_a_hundred, status=400),
    Entry("goals, not a hundred", "{goals}", does=give_less_than_a_hundred, status=400),
    Entry("log a program", "/programs/new/", who=AECID),
    Entry("log a program, begun", "/programs/new/", who=AECID, does=begin_a_program),
    Entry("log a program, refused", "/programs/new/", who=AECID, does=publish_too_early, status=400),
    Entry("edit a program", "{own}edit/", who=AECID, does=unfold_everything),
    Entry("edit a program, saved meanwhile", "{own}edit/", who=AECID, does=save_over_somebody, status=409),
    Entry("results of a program", "{own}results/", who=AECID),
    Entry("draft sent back", "{sent_back}edit/", who=AECID),
    Entry("program, its own organization", "{own}", who=AECID),
    Entry("versions", "{own}history/", who=AECID),
    Entry("versions of one sent back", "{sent_back}history/", who=AECID),
    Entry("my organization", "/my-organization/", who=AECID),
    Entry("country profile", "/countries/HN/", does=unfold_everything),
    Entry("goal profile, public view", "/goals/3/?view=public", does=unfold_everything),
    Entry("reports", "/reports/"),
    Entry("reports, period the wrong way round", "/reports/", does=ask_for_a_period_backwards, status=400),
    Entry("report", "{report}"),
    Entry("report, at work", "{report_at_work}"),
    Entry("report of each month, ended", "{end_monthly}", who="", does=stop_the_emails),
    Entry("area profile, empty", "/areas/BZ-BZ/?view=public"),
    Entry("donors", "/donors/"),
    Entry("donors, none", "/donors/?q=zzzzz"),
    Entry("search", "/search/?q=policía"),
    Entry("search, none", "/search/?q=tegucigapla"),
    Entry("donor", "{donor}", does=unfold_everything),
    Entry("overlaps", "/overlaps/", does=unfold_everything),
    Entry("overlaps, why dismissed", "/overlaps/", does=ask_why),
    Entry("overlaps, for who may not decide", "/overlaps/", who=AECID),
    Entry("movement of the queue", "/overlaps/movement/"),
    Entry("how right the engine has been", "/overlaps/accuracy/"),
    Entry("what the engine learned", "/overlaps/calibration/"),
    Entry("the engine learned, no reason given", "/overlaps/calibration/", does=decline_without_a_reason, status=400),
    Entry("uncertain pair", "{uncertain}"),
    Entry("overlaps, none", "/overlaps/?state=dismissed&country=BZ"),
    Entry("overlap, open", "{overlap}"),
    Entry("overlap, open, for who may not decide", "{overlap}", who="editor.aecid@example.org"),
    Entry("overlap, one recorded twice", "{duplicate}"),
    Entry("overlap, same money", "{same_money}"),
    Entry("overlap, confirmed", "{confirmed}"),
    Entry("overlap, dismissed", "{dismissed}"),
    Entry("overlap, no reason given", "{overlap}", does=dismiss_without_a_reason, status=400),
    Entry("agreements", "/agreements/"),
    Entry("agreements, none", "/agreements/?country=BZ&overdue=yes"),
    Entry("agreement that waits for an answer", "{proposed}", who="manager.inl@example.org", does=unfold_everything),
    Entry("agreement, no reason given", "{proposed}", who="manager.inl@example.org", does=decline, status=400),
    Entry("agreement in force", "{agreed}", does=unfold_everything),
    Entry("draft of an agreement", "{draft_agreement}edit/", does=propose_too_early, status=400),
    Entry("other terms of an agreement", "{proposed}terms/", who="manager.inl@example.org", does=unfold_everything),
    Entry("meetings", "/meetings/"),
    Entry("meeting", "{meeting}", does=unfold_everything),
    Entry("cases for a meeting", "{meeting}cases/?country=HN"),
    Entry("case of a meeting, no reason given", "{meeting}screen/1/", does=dismiss_without_a_reason, status=400),
    Entry("minutes", "{meeting}minutes/"),
    Entry("account", "/account/"),
    Entry("webhook of a private network", "/account/webhooks/", does=lead_into_a_private_network, status=400),
    Entry("webhook", "{webhook}", does=unfold_everything),
    Entry("gaps", "/gaps/", does=unfold_everything),
    Entry("region, layer of gaps", "/?layer=gaps", does=unfold_everything),
    Entry("priorities", "/priorities/"),
    Entry("priority", "{priority}", does=unfold_everything),
    Entry("priority, new", "/priorities/new/"),
    Entry("priorities, a sheet with wrong rows", "/priorities/import/", does=check_wrong_priorities, status=400),
    Entry("comments on a program", "{rich}comments/", does=unfold_everything),
    Entry("comments on an overlap", "{overlap}comments/", does=unfold_everything),
    Entry("comment of nothing", "{overlap}comments/", does=comment_nothing, status=400),
    Entry("while somebody is mentioned", "{rich}", does=call_somebody),
    Entry("notifications", "/notifications/"),
    Entry("notifications, none", "/notifications/", who="viewer.undp@example.org"),
    Entry("end the emails", "{stop_emails}", who=""),
    Entry("emails ended", "{stop_emails}", who="", does=stop_the_emails),
    Entry("emails of nobody", "/account/emails/end/nobody/", who="", status=404),
    Entry("sessions", "/account/sessions/"),
    Entry("people of all organizations", "/account/people/"),
    Entry("people, none of that name", "/account/people/?q=zzzzz"),
    Entry("people", "{people}"),
    Entry("machine accounts", "{machines}"),
    Entry("names of an organization", "{names}"),
    Entry("people, invited twice", "{people}", does=invite_a_member, status=400),
    Entry("people of nobody", "/account/people/", who="viewer.undp@example.org"),
    Entry("organizations asked for", "/account/organization-requests/"),
    Entry("organization asked for, answered wrongly", "{asked_for}", does=add_one_in_the_list, status=400),
    Entry("remove a member", "{remove_member}"),
    Entry("invitation", "{invitation}", who=""),
    Entry("invitation, wrong password", "{invitation}", who="", does=accept_with_a_weak_password, status=400),
    Entry("invitation for an account", "{invitation_existing}", who=""),
    Entry("invitation, signed in", "{invitation_existing}", who="viewer.undp@example.org"),
    Entry("invitation, signed in as another", "{invitation}", status=409),
    Entry("invitation that is over", "/account/invitations/over/", who="", status=410),
    Entry("second factor", "/accounts/2fa/", who="editor.idb@example.org"),
    Entry("second factor, set up", "/accounts/2fa/", who=WITH_SECOND_FACTOR),
    Entry("confirm by password", "/accounts/2fa/totp/activate/", who="editor.idb@example.org"),
    Entry("set up an app", "/accounts/2fa/totp/activate/", who="editor.idb@example.org", does=confirm),
    Entry("add a security key", "/accounts/2fa/webauthn/add/", who="editor.idb@example.org", does=confirm),
    Entry("no security keys", "/accounts/2fa/webauthn/", who="editor.idb@example.org"),
    Entry("confirm by code", "/accounts/2fa/reauthenticate/", who=WITH_SECOND_FACTOR),
    Entry("recovery codes", "/accounts/2fa/recovery-codes/", who=WITH_SECOND_FACTOR, does=confirm),
    Entry("make recovery codes", "/accounts/2fa/recovery-codes/generate/", who=WITH_SECOND_FACTOR, does=confirm),
    Entry("remove the app", "/accounts/2fa/totp/deactivate/", who=WITH_SECOND_FACTOR, does=confirm),
    Entry("sign in, second factor", "/accounts/login/", who="", does=sign_in_as_far_as_the_second_factor),
    Entry("account with a new key", "/account/", does=make_a_key),
    Entry("documentation of the API", "/api/docs/", does=unfold_everything),
    Entry("imports", "/imports/", who=IMPORTS),
    Entry("imports, a broken file", "/imports/", who=IMPORTS, does=upload_a_broken_file, status=400),
    Entry("import, columns", "{import_columns}", who=IMPORTS),
    Entry("import, columns chosen twice", "{import_columns}", who=IMPORTS, does=choose_a_column_twice, status=400),
    Entry("import, at work", "{import_busy}", who=IMPORTS),
    Entry("import, refused rows", "{import_wrong}", who=IMPORTS),
    Entry("import, changed rows", "{import_changes}?show=changed", who=IMPORTS),
    Entry("import, to be decided", "{import_asking}", who=IMPORTS),
    Entry("import, IATI file", "{import_iati}", who=IMPORTS),
    Entry("import, activities left out", "{import_iati}?show=left_out", who=IMPORTS),
    Entry("import, applied", "{import_applied}", who=IMPORTS, does=unfold_everything),
    Entry("import, undone", "{import_undone}", who=IMPORTS),
    Entry("import, unreadable", "{import_unreadable}", who=IMPORTS),
    Entry("not found", "/nowhere/", status=404),
    Entry("not found, nobody signed in", "/nowhere/", who="", status=404),
    Entry("not allowed", "{goals}", who="viewer.undp@example.org", status=403),
)

Look = Callable[[Entry, int], Seen]


# Every page in Spanish, whose words are longer; in English test_every_role.py opens every page. axe, which takes longer
# than all else, looks at each page once: at most of them narrow, at every third wide.
VISITS = [(entry, NARROW if number % 3 else WIDE) for number, entry in enumerate(PAGES)]


@pytest.mark.parametrize(("entry", "axe_at"), VISITS, ids=[entry.name for entry in PAGES])
def test_every_page_has_no_fault(look: Look, entry: Entry, axe_at: int) -> None:
    seen = look(entry, axe_at)

    assert (seen.status, seen.language) == (entry.status, "es")
    assert seen.violations == []
    assert max(seen.overflow[width] for width in (WIDE, NARROW)) <= 0
    assert seen.complaints == []
    assert seen.elsewhere == []
