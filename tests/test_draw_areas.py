"""The form's map is drawn from the reference data, and small."""

import gzip

from tools.draw_areas import DRAWN, drawn, simplified


def test_the_map_is_what_the_reference_data_draw() -> None:
    assert DRAWN.read_text(encoding="utf-8") == drawn()


def test_it_is_light() -> None:
    assert len(gzip.compress(DRAWN.read_bytes())) < 40_000


def test_a_line_keeps_its_corners_alone() -> None:
    assert simplified([(0, 0), (5, 0.4), (10, 0), (10, 10)]) == [(0, 0), (10, 0), (10, 10)]
