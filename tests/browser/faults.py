"""What a page is looked over for by one script: text that cannot be read, and forms that would be refused."""

from pathlib import Path

from playwright.sync_api import Page

LEAST_CONTRAST = 4.5
SCRIPT = (Path(__file__).parent / "contrast.js").read_text()


def faults(window: Page, *, with_token: bool = True) -> list[str]:
    """A sentence for each text that has less contrast than 4.5 : 1 against what is behind it (also under the pointer,
    with the focus, in dialogs, menus and whatever is folded away), and, unless the page needs none (`with_token`), for
    each form that is posted without a token."""
    found: list[str] = window.evaluate(SCRIPT, LEAST_CONTRAST)
    return [sentence for sentence in found if with_token or "without a token" not in sentence]
