"""How long it takes to log a typical program, draft to published, in a real browser: `make bench-form`.

On throw-away servers with the demonstration data, served as in production. A script types at the speed of a person:
40 words (200 keys) a minute, and 1.1 seconds for each change of field, click or choice from a list; it goes to the
next field with the tabulator where that is at most two steps away, and clicks otherwise.
"""

import os
import platform
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from benchmarks.scratch import scratch_servers
from benchmarks.window import portal_served, window_of

A_KEY, A_MOVE = 0.3, 1.1
WHO = "manager.inl@example.org"
NEAR = 2
FOCUSED = """() => { const e = document.activeElement; return e.name === 'do' ? 'do=' + e.value : e.name ?? '' }"""

# How many steps of the tabulator it is to a field: -1 where it lies behind.
STEPS_TO = """name => {
  const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility());
  const to = stops.findIndex((one) => one.name === name);
  return to - stops.indexOf(document.activeElement);
}"""


@dataclass
class Person:
    """Somebody at the form: types and clicks at human speed, and is counted."""

    page: Page
    keys: int = 0
    clicks: int = 0
    fields: int = 0

    def press(self, key: str, seconds: float = A_KEY) -> None:
        self.page.keyboard.press(key)
        self.keys += 1
        time.sleep(seconds)

    def go_to(self, name: str) -> None:
        for _step in range(NEAR):
            if self.page.evaluate(FOCUSED) != name and self._is_near(name):
                self.press("Tab", A_MOVE)
        if self.page.evaluate(FOCUSED) != name:
            self.click(f"[name='{name}']")

    def _is_near(self, name: str) -> bool:
        return self.page.evaluate(STEPS_TO, name) in range(1, NEAR + 1)

    def click(self, selector: str) -> None:
        self.page.locator(selector).last.click()
        self.clicks += 1
        time.sleep(A_MOVE)

    def enter(self, name: str, text: str) -> None:
        self.go_to(name)
        self.fields += 1
        for sign in text:
            self.press(sign)

    def choose(self, name: str, text: str) -> None:
        """Types a part of the name and takes the first of the list."""
        self.enter(name, text)
        expect(self.page.locator(".combobox__list:not([hidden]) [role=option]").first).to_be_visible()
        self.press("ArrowDown", A_MOVE)
        self.press("Enter")


@dataclass
class Wire:
    """What goes over the wire, by address, and how long autosaves took."""

    page: Page
    sizes: dict[str, float] = field(default_factory=dict)
    autosaves: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        addresses: dict[str, str] = {}
        tools = self.page.context.new_cdp_session(self.page)
        tools.send("Network.enable")

        def asked(event: dict[str, Any]) -> None:
            addresses[event["requestId"]] = event["request"]["url"]

        def finished(event: dict[str, Any]) -> None:
            address = addresses.get(event["requestId"], "?")
            self.sizes[address] = self.sizes.get(address, 0) + event["encodedDataLength"]

        tools.on("Network.requestWillBeSent", asked)
        tools.on("Network.loadingFinished", finished)
        self.page.on("requestfinished", self._time)

    def _time(self, request: Any) -> None:
        if "autosave" in request.url and request.method == "POST":
            self.autosaves.append(request.timing["responseEnd"] - request.timing["requestStart"])


def log_a_program(page: Page) -> Person:
    """From an empty form to a published program."""
    person = Person(page)
    person.enter("title", "Community policing in Choloma")
    person.enter("description", "Community police patrols, and training for officers against gangs.")
    person.enter("status", "Impl")
    person.enter("countries-0-place", "Hon")
    person.choose("places-0-area", "cort")
    person.enter("places-0-name", "Choloma")
    person.enter("planned_start", "01012026")
    person.enter("planned_end", "12312027")
    person.choose("sectors-0-sector", "15132")
    person.click("[value='add:organizations']")
    person.choose("organizations-1-name", "secretaria de seg")
    person.enter("transactions-0-value", "1,500,000")
    person.enter("transactions-0-date", "01152026")
    person.click(".editor__actions [value=publish]")
    page.wait_for_url(lambda url: url.rstrip("/").rsplit("/", 1)[-1].isdigit())
    return person


def measure(address: str) -> None:
    from programs.models import Program

    with window_of(WHO, address) as page:
        wire = Wire(page)
        page.goto("/programs/new/")
        page.wait_for_load_state("networkidle")
        expect(page.locator("[name=title]")).to_be_visible()
        first_load = dict(wire.sizes)
        begun = time.monotonic()
        person = log_a_program(page)
        seconds = time.monotonic() - begun
    program = Program.objects.latest("pk")
    assert program.stage == Program.Stage.PUBLISHED, program.stage
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; 40 words a minute, "
          f"{A_MOVE} s a change of field or click")  # fmt: skip
    print(f"draft to published: {seconds:.0f} s, {person.keys} keys, {person.clicks} clicks, {person.fields} fields")
    print(f"first load: {sum(first_load.values()) / 1000:.1f} kB over the wire in {len(first_load)} requests")
    for url, size in sorted(first_load.items(), key=lambda one: -one[1])[:6]:
        print(f"  {size / 1000:7.1f} kB  {url.removeprefix(address)}")
    took = sorted(wire.autosaves)
    print(f"autosaves: {len(took)}, {took[len(took) // 2]:.0f} ms in the middle, {took[-1]:.0f} ms the slowest")


def main() -> None:
    # One key for this process, which makes the session, and the server, which reads it.
    os.environ |= {"DEMONSTRATION": "true", "SECRET_KEY": secrets.token_urlsafe(50)}
    with scratch_servers():
        from django.core.management import call_command

        call_command("load_demonstration_data", verbosity=0)
        with portal_served() as address:
            measure(address)


if __name__ == "__main__":
    main()
