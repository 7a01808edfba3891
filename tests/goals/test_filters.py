"""Filters that every app's lists share."""

import pytest
from django import forms

from core.filters import LongSelect


@pytest.mark.parametrize("chosen", ["", None, "HN-CR", 7, "<b>", "unknown"])
def test_a_long_select_is_written_as_any_other(chosen: object) -> None:
    choices = [("", "All"), ("HN-CR", "Honduras: Cortés"), (7, 'Banco & Co. "Sur"'), ("<b>", "<script>")]
    short, long = (kind(choices=choices, attrs={"class": "usa-select"}) for kind in (forms.Select, LongSelect))

    assert long.render("area", chosen) == short.render("area", chosen)
    assert ("selected" in long.render("area", chosen)) == (chosen != "unknown")
