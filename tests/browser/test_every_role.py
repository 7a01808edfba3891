"""Every page of the portal, from its own table of addresses, as everybody who may look at it.

Everybody asks for every page, and every form in what they are sent has a token. The browser, which takes most of the
time, opens whatever differs from all that it was shown before in more than the person's name, the number of what they
have not read, and the tokens and nonces of the answer: a page is shown if its header or all the rest is new. The two do
not cover one another, and neither a style nor a script makes one depend on the other.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from lxml import html
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from donors.models import User
from programs.discussion.models import Notification
from programs.models import Program
from programs.overlap.models import Cluster
from tests.browser.conftest import AECID, COORDINATOR, WITH_SECOND_FACTOR, Site, Visitor
from tests.browser.faults import faults
from tests.carsi_portal.test_permission_matrix import TABLE, names_of

BANK = "editor.idb@example.org"  # its imports are there in every state
INL = "manager.inl@example.org"
ADMINISTRATOR = "admin@example.org"
WITH_A_KEY = "manager.seds@example.org"
ROLES = {
    "anonymous": "",
    "viewer": "viewer.undp@example.org",
    "editor": AECID,
    "editor of the bank": BANK,
    "manager": INL,
    "coordinator": COORDINATOR,
    "coordinator with a second factor": WITH_SECOND_FACTOR,
    "manager with a security key": WITH_A_KEY,
    "administrator": ADMINISTRATOR,
}
# Who looks at the pages of which the others see nothing, or the same: by the beginning of the name of the page.
LOOKED_AT_BY = {
    # Not the one with a key, which is no real one: this page reads it.
    "mfa_add_webauthn": ("anonymous", "editor", "coordinator with a second factor"),
    "exchange:": ("anonymous", "viewer", "editor of the bank", "coordinator", "administrator"),
    "mfa_": ("anonymous", "editor", "coordinator with a second factor", "manager with a security key"),
    "admin:": ("anonymous", "coordinator", "administrator"),
}
USUALLY = ("anonymous", "viewer", "editor", "manager", "coordinator", "administrator")

PROGRAMS = ("rich", "restricted", "own", "sent_back", "of_inl")
AGREEMENTS = ("proposed", "agreed", "draft_agreement")
OVERLAPS = ("overlap", "duplicate", "same_money", "confirmed", "dismissed")
IMPORTS = (
    *("import_busy", "import_wrong", "import_wrong?show=refused", "import_changes", "import_changes?show=changed"),
    *("import_asking", "import_asking?show=asking", "import_iati", "import_unreadable", "import_undone"),
    "import_applied",
)
# Pages with something in their address -> the addresses of the site that have it.
OF: dict[str, tuple[str, ...]] = {
    "region:donor": ("donor",),
    "programs:detail": PROGRAMS,
    "programs:edit": ("own", "sent_back", "of_inl"),
    "programs:history": ("rich", "sent_back"),
    "programs:results": ("own", "of_inl"),
    "programs:goals": ("rich", "own"),
    "overlap:case": ("case",),
    "overlap:detail": OVERLAPS,
    "overlap:uncertain": ("uncertain",),
    "exchange:import": IMPORTS,
    "exchange:columns": ("import_columns",),
    "discussion:comments_on_program": ("rich",),
    "discussion:comments_on_overlap": ("overlap",),
    "discussion:open": ("told",),
    "webhooks:detail": ("webhook",),
    "agreements:detail": AGREEMENTS,
    "agreements:edit": ("draft_agreement",),
    "agreements:terms": AGREEMENTS,
    "agreements:comments": ("proposed",),
    **{f"agreements:{name}": ("meeting",) for name in ("meeting", "meeting_cases", "minutes")},
    "agreements:screen": ("screen",),
    **{f"priorities:{name}": ("priority",) for name in ("detail", "edit", "end")},
    "reports:country": ("country",),
    "goals:rates_of": ("rates_of",),
    "reports:goal": ("goal",),
    "reports:area": ("area",),
    "reports:report": ("report", "report_at_work"),
    "reports:end_monthly": ("end_monthly",),
    "donors:people": ("people",),
    "donors:remove_member": ("remove_member",),
    "donors:machines": ("machines",),
    "donors:names": ("names",),
    "donors:organization_request": ("asked_for",),
    "donors:stop_emails": ("stop_emails",),
    "donors:stop_emails_moved": ("stop_emails",),
    "donors:invitation": ("invitation", "invitation_existing"),
    "account_reset_password_from_key": ("choose_password",),
    **{f"mfa_{name}_webauthn": ("security_key",) for name in ("edit", "remove")},
}
# What else a list can be asked for that shows other parts of it.
QUERIES = {
    "region:home": ("", "?layer=gaps"),
    "region:money": ("", "?q=nothing-of-the-kind"),
    "region:search": ("", "?q=police", "?q=nothing-of-the-kind"),
    "region:money_behind": ("?source=place:HN&target=goal:1",),
    "overlap:list": ("", "?state=dismissed"),
    "agreements:new": ("", "?overlap={confirmed_pk}"),
}
# Addresses of links in emails, whose views take a POST of a mail program without a token.
WITHOUT_TOKEN = ("donors:stop_emails", "donors:stop_emails_moved", "reports:end_monthly")
# What answers a script or sends a file; the rest of these is known to answer POST alone.
NO_PAGES = {
    *("exchange:cancel", "exchange:delete", "webhooks:test_progress"),
    *(
        "region:money_sheet",
        "region:picture",
        "programs:choices",
        "programs:autosave",
        "overlap:case-pdf",
        "overlap:cluster",
    ),
    *("programs:dollars", "programs:autosave_new", "overlap:scan-progress", "mfa_login_webauthn"),
    *(
        "mfa_reauthenticate_webauthn",
        "mfa_download_recovery_codes",
        "exchange:template",
        "exchange:programs",
        "exchange:download",
        "exchange:progress",
        "exchange:choose",
    ),
    *("exchange:check", "exchange:apply", "exchange:undo", "exchange:file", "agreements:minutes_document"),
    *("priorities:template", "reports:country_brief", "reports:goal_brief", "reports:area_brief"),
    *("reports:donor_brief", "reports:progress", "reports:file"),
}
# What has no page of its own for any of these people: it leads to another.
SENDS_ON = (
    "donors:stop_emails_moved",
    "discussion:open",
    "mfa_authenticate",
    "account_set_password",
    "account_reauthenticate",
)
# What the administration does not let anybody add.
NOT_ADDED = {
    f"admin:{model}_add"
    for model in ("mfa_authenticator", "donors_organizationrequest", "donors_invitation", "discussion_comment")
}
POSTED = {
    name
    for name, method, statuses in TABLE
    if method == "get" and set(statuses) <= {302, 401, 403, 404, 405} and 405 in statuses
}


def pages() -> list[str]:
    """The names of all pages: what the resolver knows but the API, files, and what is only posted to."""
    return [
        name
        for name in names_of(get_resolver())
        if ":" in name or name.startswith(("account_", "mfa_", "api-docs"))
        if name not in NO_PAGES | POSTED and not name.startswith(("admin:", "i18n:"))
    ]


def admin_pages() -> list[str]:
    models = [f"{model._meta.app_label}_{model._meta.model_name}" for model in apps.get_models()]
    known = set(names_of(get_resolver()))
    lists = [f"admin:{model}_{kind}" for model in models for kind in ("changelist", "add")]
    return ["admin:index", *(name for name in lists if name in known - NOT_ADDED)]


def roles_of(name: str) -> tuple[str, ...]:
    return next((roles for beginning, roles in LOOKED_AT_BY.items() if name.startswith(beginning)), USUALLY)


@pytest.fixture(scope="package")
def addresses(site: Site) -> dict[str, str]:
    """The addresses of the site, and some that only these tests need."""
    of_inl = Program.objects.filter(reporting_org__memberships__user__email=INL, stage=Program.Stage.PUBLISHED)
    told = Notification.objects.filter(recipient__email=COORDINATOR).earliest("pk")
    return {
        **site.addresses,
        "of_inl": of_inl.earliest("pk").get_absolute_url(),
        "case": Cluster.objects.order_by("-programs", "pk")[0].get_absolute_url(),
        "country": reverse("reports:country", args=["HN"]),
        "rates_of": reverse("goals:rates_of", args=["HNL"]),
        "goal": reverse("reports:goal", args=[1]),
        "area": reverse("reports:area", args=["HN-CR"]),
        "told": reverse("discussion:open", args=[told.pk]),
        "screen": f"{site.addresses['meeting']}screen/1/",
        "security_key": reverse("mfa_edit_webauthn", args=[_security_key().pk]),
        "confirmed_pk": str(resolve(site.addresses["confirmed"]).kwargs["pk"]),
    }


def _security_key() -> Authenticator:
    data = {"name": "Blue key", "passwordless": True, "credential": {}}
    owner = User.objects.get(email=WITH_A_KEY)
    return Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data=data)


# What is another one in each answer, or for each person, and no part of how the page looks or what it does.
OWN = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w{64}(?=")|(?<=nonce=")[^"]+(?=")'
    r'|(?<=<a href="/account/">)[^<]+(?=</a>)|(?<=<span class="count">)\d+(?=<)|(?<=name="next" value=")[^"]+(?=")'
)


def parts_of(page: str) -> list[str]:
    """The header and all the rest, without what is another one in each answer."""
    before, header, after = re.split(r"(<header\b.*?</header>)", OWN.sub("…", page), maxsplit=1, flags=re.DOTALL)
    return [header, before + after]


def view_of(address: str) -> Callable[..., object]:
    return resolve(urlsplit(address).path).func


@dataclass
class Person:
    """Somebody's browser, and what asks the portal in their name without one."""

    window: Page
    client: Client

    def page(self, address: str) -> str | None:
        """The page that there is for them: not a file, nor only the way to another page, nor an error page, which
        tests/browser/test_pages.py looks at."""
        answer = self.client.get(address)
        # A link with a secret in it leads to the same page without.
        if answer.status_code == 302 and view_of(answer.url) == view_of(address):
            answer = self.client.get(answer.url)
        assert answer.status_code < 500
        if answer.status_code in {301, 302, 403, 404} or not answer.headers["Content-Type"].startswith("text/html"):
            return None
        return answer.content.decode()

    def look(self, address: str, *, with_token: bool) -> list[str]:
        """What is wrong with the page in a browser: what can be read and sent, console and requests."""
        window = self.window
        wrong: list[str] = []

        def note_answer(answer: Response) -> None:
            if answer.status >= 400 and not answer.request.is_navigation_request():
                wrong.append(f"{answer.status} for {answer.url}")

        def note_failure(request: Request) -> None:
            wrong.append(f"no answer from {request.url}: {request.failure}")

        def note_message(message: ConsoleMessage) -> None:
            # The browser says so of a page with a wrong question, too.
            if message.type in {"error", "warning"} and message.location["url"] != window.url:
                wrong.append(message.text)

        def note_error(error: Exception) -> None:
            wrong.append(str(error))

        listeners = {
            "response": note_answer,
            "requestfailed": note_failure,
            "console": note_message,
            "pageerror": note_error,
        }
        for event, listener in listeners.items():
            window.on(event, listener)  # type: ignore[call-overload]
        try:
            window.goto(address)
            return wrong + faults(window, with_token=with_token)
        finally:
            for event, listener in listeners.items():
                window.remove_listener(event, listener)
            window.goto("about:blank")  # breaks off what is still asked, which is nobody's fault


def without_token(page: str) -> list[str]:
    """The forms of a page that would be posted without a token."""
    return [
        f"a form without a token is posted to {form.get('action') or 'this page'}"
        for form in html.fromstring(page).iter("form")
        if form.get("method", "").lower() == "post"
        and not any(field.get("value") for field in form.xpath(".//input[@name='csrfmiddlewaretoken']"))
    ]


@pytest.fixture(scope="package")
def shown() -> set[str]:
    """The parts of pages that the browser of this process was shown."""
    return set()


@pytest.fixture(scope="package")
def person(site: Site, visitor: Visitor) -> Iterator[Callable[[str], Person]]:
    """The person of a role, with a browser window of their own that stays open; their password was given just now."""
    known: dict[str, Person] = {}
    with ExitStack() as stack:

        def of(role: str) -> Person:
            if role not in known:
                window = stack.enter_context(visitor(ROLES[role]))
                client = Client(SERVER_NAME="localhost")
                for cookie in window.context.cookies():
                    client.cookies[cookie["name"]] = cookie["value"]
                if ROLES[role]:
                    session = client.session
                    # In time to come: the tests may take longer than a password given is remembered.
                    given = {"method": "password", "at": time.time() + 24 * 60 * 60, "reauthenticated": True}
                    session[AUTHENTICATION_METHODS_SESSION_KEY] = [given]
                    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = session["_auth_user_id"]
                    session.save()
                known[role] = Person(window, client)
            return known[role]

        yield of


def addresses_of(name: str, addresses: dict[str, str]) -> list[str]:
    """The addresses of a page: of each thing in OF, which another page of the same thing may have named."""
    if name not in OF:
        return [reverse(name) + query.format(**addresses) for query in QUERIES.get(name, ("",))]
    things = [key.partition("?") for key in OF[name]]
    return [reverse(name, kwargs=resolve(addresses[key]).kwargs) + mark + query for key, mark, query in things]


@pytest.mark.parametrize("name", pages() + admin_pages())
def test_every_page_can_be_read_and_used(
    name: str, addresses: dict[str, str], person: Callable[[str], Person], shown: set[str]
) -> None:
    seen, wrong, with_token = 0, set(), name not in WITHOUT_TOKEN
    for role in roles_of(name):
        somebody = person(role)
        for address in addresses_of(name, addresses):
            page = somebody.page(address)
            if page is None:
                continue
            seen += 1
            faulty = without_token(page) if with_token else []
            if not shown.issuperset(parts := parts_of(page)):
                shown.update(parts)
                faulty += somebody.look(address, with_token=with_token)
            wrong |= {f"{role}, {address}: {fault}" for fault in faulty}

    assert sorted(wrong) == []
    assert seen or name in SENDS_ON


PAGE = """<header><a href="/account/">Ana</a><span class="count">2</span><a href="/overlaps/">Overlaps</a></header>
<main><form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{token}"></form></main>"""


def test_pages_are_the_same_that_differ_in_name_number_and_token_alone() -> None:
    page, other = PAGE.format(token="a" * 64), PAGE.format(token="b" * 64)
    header, rest = parts_of(page)

    assert parts_of(other.replace("Ana", "Elena").replace(">2<", ">13<")) == [header, rest]
    assert parts_of(page.replace("/overlaps/", "/gaps/"))[1] == rest
    assert parts_of(page.replace("/overlaps/", "/gaps/"))[0] != header
    assert parts_of(PAGE.format(token=""))[1] != rest
    assert parts_of(page.replace("<main>", "<main class='pale'>"))[1] != rest
    assert [without_token(page), len(without_token(PAGE.format(token="")))] == [[], 1]


def test_every_page_has_an_address() -> None:
    """A page with something in its address needs a line in OF."""
    assert [name for name in pages() if name not in OF and not _has_an_address(name)] == []


def _has_an_address(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
