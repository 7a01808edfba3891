"""What a cell may say: codes and labels of both languages, and the labels of earlier releases."""

import pytest

from programs.exchange.spreadsheet.lookups import FORMER_VISIBILITIES, Choices
from programs.exchange.spreadsheet.problems import CellError
from programs.models import Program


def test_visibility_is_found_by_the_labels_of_earlier_releases() -> None:
    choices = Choices(Program.Visibility, former=FORMER_VISIBILITIES)

    assert choices.find("todo el mundo") == "public"
    assert choices.find("Everybody") == "public"
    assert choices.find("Signed-in partners") == "partners"
    assert choices.find("Socios registrados") == "partners"
    assert choices.find("restricted") == "restricted"


def test_a_label_of_earlier_releases_is_not_written() -> None:
    choices = Choices(Program.Visibility, former={"Open to all": "public"})

    assert choices.find("open to all") == "public"
    assert choices.label("public", "en") != "Open to all"
    with pytest.raises(CellError):
        choices.find("open to none")
