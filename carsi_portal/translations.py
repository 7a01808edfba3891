"""Compiles the translations where they changed, without gettext: `python -m carsi_portal.translations`."""

from pathlib import Path

import polib

from carsi_portal.embedded import BASE


def compile_changed(locale: Path = BASE / "locale") -> list[Path]:
    """Writes the .mo of each .po that is newer than it; returns those written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_changed():
        print(f"compiled {path.relative_to(BASE)}")
