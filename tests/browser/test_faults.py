"""The script that looks for faults finds them: pages made for it, each with one fault or none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.faults import faults

STYLE = "<style>body { background: #fff; color: #222 } .pale { color: #ccc }</style>"
FAULTY = {
    "white on white": "<button style='color: #fff; background: none; border: 1px solid #fff'>Cancel</button>",
    "grey text": "<p class='pale'>Text</p>",
    "in a dialog": "<dialog style='background: #fff'><button class='pale'>Cancel</button></dialog>",
    "folded away": "<details><summary>More</summary><a href='/' class='pale'>Link</a></details>",
    "hidden at first": "<p hidden class='pale'>Text</p>",
    "half transparent": "<p style='opacity: .3'>Text</p>",
    "under the pointer": "<style>a { color: #222 } a:hover { color: #ddd }</style><a href='/'>Link</a>",
    "with the focus": "<style>@media all { button:focus { color: #fff; background: #eee } }</style><button>Do</button>",
    "visited": "<style>a { color: #222 } a:visited { color: #ddd }</style><a href='/never/'>Link</a>",
    "a panel that is no ancestor": "<div style='position: absolute; inset: 0; background: #222'></div>"
    "<p style='position: relative'>Text</p>",
    "on a stripe of a gradient": "<p style='background: linear-gradient(#fff, #333)'>Text</p>",
    "a placeholder": "<style>::placeholder { color: #ccc }</style><input placeholder='Name'>",
    "in a picture": "<svg width='90' height='40'><rect width='90' height='40' fill='#333'/>"
    "<text y='20'>Text</text></svg>",
    "no token": "<form method='post' action='/go/'><button>Go</button></form>",
    "an empty token": "<form method='post'><input type='hidden' name='csrfmiddlewaretoken' value=''></form>",
}
GOOD = {
    "black on white": "<p>Text</p>",
    "white on a dark panel": "<div style='position: absolute; inset: 0; background: #222'></div>"
    "<p style='position: relative; color: #fff'>Text</p>",
    "for screen readers": "<span class='pale' style='position: absolute; left: -999em'>Text</span>",
    "not to be used": "<button disabled class='pale'>Text</button>",
    "a token": "<form method='post'><input type='hidden' name='csrfmiddlewaretoken' value='x'></form>",
    "only asks": "<form method='get'><button>Search</button></form>",
}


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as page:
        yield page


@pytest.mark.parametrize("page", FAULTY.values(), ids=list(FAULTY))
def test_a_fault_is_found(window: Page, page: str) -> None:
    window.set_content(STYLE + page)

    assert len({fault.split(" : 1")[0] for fault in faults(window)}) >= 1


@pytest.mark.parametrize("page", GOOD.values(), ids=list(GOOD))
def test_what_is_good_is_left_alone(window: Page, page: str) -> None:
    window.set_content(STYLE + page)

    assert faults(window) == []
