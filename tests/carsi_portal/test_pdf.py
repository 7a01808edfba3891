from pathlib import Path

from core.pdf import pdf_of
from tests.pdf import pages_in, text_of


def test_it_works() -> None:
    document = pdf_of("<h1>First</h1><h1 style='break-before: page'>Second</h1>")

    assert document.startswith(b"%PDF-")
    assert pages_in(document) == 2


def test_it_has_the_style_and_the_fonts_of_the_portal() -> None:
    plain = pdf_of("<p>Choloma</p>")

    styled = pdf_of('<link rel="stylesheet" href="static:css/document.css"><p>Choloma</p>')

    assert b"Source-Sans-Pro" in text_of(styled)
    assert b"Source-Sans-Pro" not in text_of(plain)


def test_the_same_html_gives_the_same_bytes() -> None:
    assert pdf_of("<p>Choloma</p>") == pdf_of("<p>Choloma</p>")


def test_nothing_outside_the_static_files_is_fetched(tmp_path: Path) -> None:
    style = tmp_path / "page.css"
    style.write_text("@page { size: 10cm } h1 { break-before: page }")
    text = "<h1>First</h1><h1>Second</h1>"

    for address in (style.as_uri(), f"static:{style}", "static:../pyproject.toml", "http://127.0.0.1:1/page.css"):
        assert pages_in(pdf_of(f'<link rel="stylesheet" href="{address}">{text}')) == 1
    assert pages_in(pdf_of(f'<link rel="stylesheet" href="data:text/css,h1{{break-before:page}}">{text}')) == 2
