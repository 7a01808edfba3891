"""A site with the demonstration data, and a browser that looks at its pages.

The data are loaded once a run, and each process of the tests copies them for all its tests of this folder: a test that
decides on something takes an overlap or a program that no other test needs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from donors.emails import link_that_ends
from donors.models import Membership, Organization, OrganizationRequest, User
from donors.services import add_machine, ask_for_organization, create_machine_key, link_to
from goals.models import Priority
from programs.agreements.models import Agreement, Meeting
from programs.agreements.services import add_cases, prepare_meeting, record_outcome
from programs.codes import Visibility
from programs.discussion.services import write_comment
from programs.models import Program
from programs.overlap.models import Cluster, Overlap, UncertainPair
from programs.priorities.proposals import propose_all
from programs.priorities.services import settle_link
from programs.region.demonstration import load_demonstration
from programs.reports.services import Selected, ask_for_report
from programs.reports.services import make as make_report
from programs.reports.services.monthly import link_that_ends as monthly_end
from programs.services import move_program
from programs.webhooks.models import Attempt, Delivery, Endpoint
from programs.webhooks.services import ping
from tests import factories
from tests.browser.faults import faults
from tests.browser.imports import imports_in_every_state
from tests.database import copy_of_filled
from tests.worlds import calibration

WIDE, NARROW = 1280, 360
HEIGHT = 900
PATIENCE_MS = 120_000  # the machine may be busy
expect.set_options(timeout=PATIENCE_MS)
COORDINATOR = "coordinator@example.org"
WITH_SECOND_FACTOR = "coordinator2@example.org"
AECID = "editor.aecid@example.org"
# Addresses of links in emails, whose views take a POST of a mail program without a token.
WITHOUT_TOKEN = ("{stop_emails}", "{end_monthly}", "/account/emails/end/")
AXE = "/static/vendor/axe-core/axe.min.js"  # the site serves it: the browser keeps it compiled
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # reads the style sheets again, for a rule that is not among these
}


@dataclass(frozen=True)
class Site:
    """The running site, and the addresses in it that depend on its data."""

    url: str
    addresses: dict[str, str]

    def address(self, path: str) -> str:
        """The full address of a path in which {names} stand for the site's own addresses."""
        return self.url + path.format(**self.addresses)


@dataclass(frozen=True)
class Entry:
    """A line of the table of pages: a name, its path, who looks at it (blank: nobody is signed in) and what they do."""

    name: str
    path: str
    who: str = COORDINATOR
    does: Callable[[Page], None] | None = None
    status: int = 200


@dataclass
class Seen:
    """What was seen of one page."""

    status: int
    language: str
    violations: list[str] = field(default_factory=list)
    overflow: dict[int, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def _demonstration() -> dict[str, str]:
    """Fills the database; returns the site's addresses by name."""
    load_demonstration()
    owner = User.objects.get(email=WITH_SECOND_FACTOR)
    factories.second_factor(owner)
    RecoveryCodes.activate(owner)
    _discuss()
    _learn()
    return _addresses()


@pytest.fixture(scope="package")
def addresses(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """A database of this folder's own: commits are real, and it goes after the last test of the folder."""
    with django_db_blocker.unblock(), copy_of_filled("demonstration", _demonstration) as made:
        yield made


@pytest.fixture(scope="package")
def transactional_db(addresses: dict[str, str]) -> None:
    """For pytest-django, which looks for this name."""


@pytest.fixture(scope="package")
def site(addresses: dict[str, str], transactional_db: None) -> Iterator[Site]:
    """The portal on a port of its own, with the demonstration data."""
    server = LiveServer("localhost")
    yield Site(server.url, addresses)
    server.stop()


def _learn() -> None:
    """A proposal of what decisions teach, after one that was declined."""
    calibration(state="declined")
    calibration(number=2, lines={"overlap": {"slope": 0.7, "shift": -1.2}})


def _discuss() -> None:
    """Comments that call the coordinator by name, so that there is something to read and to be told of."""
    elena, carmen = (User.objects.get(email=email) for email in ("editor.aecid@example.org", COORDINATOR))
    for subject in (_richest(), _open_overlap()):
        for text in ("¿Quién paga la formación en 2026? " * 12, "@Carmen Coordinadora: see https://example.org/plan"):
            write_comment(subject, actor=elena, text=text, mentioned={carmen.pk})


def _machines(organization: Organization) -> str:
    """A machine account with a key."""
    coordinator = User.objects.get(email=COORDINATOR)
    machine = add_machine(organization, "Nightly job of the monitoring system", "editor", actor=coordinator)
    create_machine_key(machine, "cron", scopes=["write", "export"], actor=coordinator)
    return reverse("donors:machines", args=[organization.pk])


def _richest() -> Program:
    return max(Program.objects.filter(visibility="public"), key=lambda program: program.transactions.count())


def _open_overlap() -> Overlap:
    for_everybody = {f"{side}__visibility": Visibility.PUBLIC for side in ("left", "right")}
    return Overlap.objects.open().filter(kind=Overlap.Kind.OVERLAP, **for_everybody).order_by("score", "pk")[0]


def _addresses() -> dict[str, str]:
    overlaps = Overlap.objects.flagged().order_by("score", "pk")
    open_overlaps = overlaps.filter(state=Overlap.State.OPEN)
    longest = max(Program.objects.all(), key=lambda program: len(program.title))
    richest = _richest()
    restricted = Program.objects.filter(visibility=Program.Visibility.RESTRICTED).earliest("pk")
    user = User.objects.get(email="editor.idb@example.org")
    inl = Organization.objects.get(memberships__user__email="manager.inl@example.org")
    factories.invitation(inl, email="late@example.org", expires_at=timezone.now() + timedelta(minutes=1))
    new, existing = (factories.invitation(inl, email=email) for email in ("new@example.org", "viewer.undp@example.org"))
    aecid = User.objects.get(email=AECID)
    own = Program.objects.filter(reporting_org__in=aecid.organization_ids, stage=Program.Stage.PUBLISHED).earliest("pk")
    return {
        **imports_in_every_state(),
        **_reports(),
        "own": own.get_absolute_url(),
        "sent_back": _sent_back(aecid, own.reporting_org).get_absolute_url(),
        "asked_for": _asked_for(aecid, own.reporting_org).get_absolute_url(),
        "people": reverse("donors:people", args=[inl.pk]),
        "machines": _machines(inl),
        "names": reverse("donors:names", args=[inl.pk]),
        "remove_member": reverse(
            "donors:remove_member", args=[inl.pk, Membership.objects.filter(organization=inl).earliest("pk").pk]
        ),
        "invitation": link_to(new).removeprefix(settings.PORTAL_URL),
        "invitation_existing": link_to(existing).removeprefix(settings.PORTAL_URL),
        "rich": richest.get_absolute_url(),
        "long": longest.get_absolute_url(),
        "restricted": restricted.get_absolute_url(),
        "priority": _answered_priority(),
        "goals": reverse("programs:goals", args=[richest.pk]),
        "donor": reverse("region:donor", args=[max(Organization.objects.all(), key=lambda body: len(body.name)).pk]),
        "overlap": _open_overlap().get_absolute_url(),
        "uncertain": UncertainPair.objects.earliest("pk").get_absolute_url(),
        **{
            f"{name}": Agreement.objects.get(state=state).get_absolute_url()
            for name, state in (("proposed", "proposed"), ("agreed", "agreed"), ("draft_agreement", "draft"))
        },
        "meeting": _meeting().get_absolute_url(),
        "webhook": _webhook().get_absolute_url(),
        "stop_emails": link_that_ends(factories.user()).removeprefix(settings.PORTAL_URL),
        "duplicate": open_overlaps.filter(kind=Overlap.Kind.DUPLICATE)[0].get_absolute_url(),
        "same_money": open_overlaps.filter(kind=Overlap.Kind.SAME_MONEY)[0].get_absolute_url(),
        "confirmed": overlaps.filter(state=Overlap.State.CONFIRMED)[0].get_absolute_url(),
        "dismissed": overlaps.filter(state=Overlap.State.DISMISSED)[0].get_absolute_url(),
        "choose_password": reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
        ),
    }


def _webhook() -> Endpoint:
    """A webhook that took a message, waits with one that failed, and gave one up."""
    owner = User.objects.get(email=COORDINATOR)
    hook = Endpoint(owner=owner, name="Almacén de datos del ministerio", url="https://datos.example.org/carsi")
    hook.kinds, hook.failing_since = ["program.published", "overlap.confirmed"], timezone.now() - timedelta(hours=5)
    hook.ended = Endpoint.Ended.BY_OWNER  # nothing is really sent
    hook.make_secret()
    hook.save()
    for state, status, problem in (("delivered", 204, ""), ("waiting", 503, ""), ("failed", None, "timeout")):
        message = ping(hook, actor=owner)
        Delivery.objects.filter(pk=message.pk).update(
            state=state, tries=1, next_try_at=timezone.now() if state == "waiting" else None
        )
        Attempt.objects.create(delivery=message, status=status, problem=problem, milliseconds=312)
    return hook


def _answered_priority() -> str:
    """The page of a priority with a confirmed, a rejected and proposed programs."""
    coordinator = User.objects.get(email=COORDINATOR)
    propose_all()
    priority = Priority.objects.annotate(n=Count("links")).order_by("-n", "pk")[0]
    for confirm, link in zip((True, False), priority.links.order_by("-score", "pk"), strict=False):
        settle_link(link, actor=coordinator, confirm=confirm)
    return priority.get_absolute_url()


def _asked_for(editor: User, organization: Organization) -> OrganizationRequest:
    """A name much like that of an organization in the list."""
    return ask_for_organization(
        "Agencia Espanola de Cooper.", actor=editor, asked_for=organization, place="plan.xlsx, C2"
    )


def _reports() -> dict[str, str]:
    """A report of the coordinator that is made and one that is not, and the link that ends somebody's monthly one."""
    coordinator, today = User.objects.get(email=COORDINATOR), timezone.localdate()
    made, at_work = (ask_for_report(coordinator, today.replace(month=1, day=1), today, Selected()) for _ in range(2))
    make_report(made.pk)
    return {
        "report": made.get_absolute_url(),
        "report_at_work": at_work.get_absolute_url(),
        "end_monthly": monthly_end(factories.user()).removeprefix(settings.PORTAL_URL),
    }


def _meeting() -> Meeting:
    """A meeting on the case with most programs and on a single pair, one of which was postponed."""
    carmen = User.objects.get(email=COORDINATOR)
    meeting = prepare_meeting(
        actor=carmen,
        title="Mesa de donantes",
        held_on=timezone.localdate(),
        present="Ines Miller, INL\nElena Ruiz, AECID",
    )
    add_cases(meeting, [Cluster.objects.order_by("-programs", "pk")[0].pk, -_open_overlap().pk], actor=carmen)
    record_outcome(meeting.items.get(position=2), "postpone", actor=carmen, note="Hasta marzo.")
    return meeting


def _sent_back(editor: User, organization: Organization) -> Program:
    """A draft that its editor submitted and a coordinator sent back."""
    draft = factories.program(organization, stage="draft", title="Policía comunitaria en Tela")
    submitted = move_program(draft, "submit", actor=editor)
    coordinator = User.objects.get(email=COORDINATOR)
    return move_program(submitted, "send_back", actor=coordinator, comment="¿En qué municipios? Falta el monto.")


Visitor = Callable[..., Any]


@pytest.fixture(scope="package")
def visitor(browser: Browser, site: Site) -> Visitor:
    """Opens a browser window of its own, signed in as somebody: `with visitor(who, language="es", …) as window:`."""

    @contextmanager
    def open_window(who: str = "", *, language: str = "en", width: int = WIDE, **options: Any) -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT}, locale=language, base_url=site.url, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            if who:
                _sign_in(context, site, who, language)
            yield context.new_page()
        finally:
            context.close()

    return open_window


def _sign_in(context: BrowserContext, site: Site, who: str, language: str) -> None:
    client = Client()
    client.force_login(User.objects.get(email=who), backend="allauth.account.auth_backends.AuthenticationBackend")
    _set_cookie(context, site, settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
    # A choice made in the browser goes before the person's own language.
    _set_cookie(context, site, settings.LANGUAGE_COOKIE_NAME, language)


def _set_cookie(context: BrowserContext, site: Site, name: str, value: str) -> None:
    context.add_cookies([{"name": name, "value": value, "url": site.url}])


@pytest.fixture(scope="package")
def look(visitor: Visitor, site: Site) -> Iterator[Callable[..., Seen]]:
    """Visits a page in Spanish; axe looks at it in one width.

    All visits share a window, so that it loads and reads style sheets and scripts once; each begins with nothing
    remembered (cookies, stored drafts) and with a session of its own.
    """
    with visitor(language="es") as window:
        forget = window.context.new_cdp_session(window)

        def visit(entry: Entry, axe_at: int) -> Seen:
            window.evaluate("() => { try { sessionStorage.clear() } catch { /* there is no page yet */ } }")
            window.goto("about:blank")  # ends what the page before is still doing
            window.context.clear_cookies()
            forget.send("Storage.clearDataForOrigin", {"origin": site.url, "storageTypes": "all"})
            if entry.who:
                _sign_in(window.context, site, entry.who, "es")
            window.set_viewport_size({"width": WIDE, "height": HEIGHT})
            return _look(window, site, entry, axe_at)

        yield visit


def _is_invisible(node: dict[str, Any]) -> bool:
    """Whether axe leaves a text open that is the colour of its ground; what else it leaves open is measured by us."""
    return any((check["data"] or {}).get("messageKey") == "equalRatio" for check in node["any"])


def _look(window: Page, site: Site, entry: Entry, axe_at: int) -> Seen:
    seen = Seen(status=0, language="")
    own = site.address(entry.path)

    def note_status(response: Any) -> None:
        if response.request.is_navigation_request() and response.status // 100 != 3:
            seen.status = response.status

    def note_message(message: Any) -> None:
        # The browser says of every page that is not found that it is not found.
        of_the_page = message.text.startswith("Failed to load resource") and message.location["url"] == window.url
        if message.type == "error" and not of_the_page:
            seen.complaints.append(f"{message.text} ({message.location['url']})")

    def note_request(request: Any) -> None:
        if not request.url.startswith((site.url, "data:")):
            seen.elsewhere.append(request.url)

    def note_error(error: Exception) -> None:
        seen.complaints.append(str(error))

    listeners = {"response": note_status, "console": note_message, "pageerror": note_error, "request": note_request}
    for event, listener in listeners.items():
        window.on(event, listener)  # type: ignore[call-overload]
    try:
        _visit(window, own, entry, axe_at, seen)
    finally:
        for event, listener in listeners.items():
            window.remove_listener(event, listener)
    return seen


def _visit(window: Page, own: str, entry: Entry, axe_at: int, seen: Seen) -> None:
    """Goes there, does what the entry does, and notes what is seen."""
    window.goto(own)
    if entry.does:
        entry.does(window)
        window.wait_for_load_state()
    seen.language = window.locator("html").get_attribute("lang") or ""
    complaints = list(seen.complaints)
    for width in sorted((WIDE, NARROW), key=lambda width: width == axe_at):
        window.set_viewport_size({"width": width, "height": HEIGHT})
        seen.overflow[width] = window.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    seen.complaints = complaints
    window.add_script_tag(url=AXE)
    found = window.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
    seen.violations = [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found["violations"] + [each for each in found["incomplete"] if each["id"] == "color-contrast"]
        for node in violation["nodes"]
        if violation in found["violations"] or _is_invisible(node)
    ]
    seen.violations += faults(window, with_token=not entry.path.startswith(WITHOUT_TOKEN))
