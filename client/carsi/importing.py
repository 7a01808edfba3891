"""A file brought into the portal, for `carsi import`."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from carsi.errors import NoAnswer, Refusal, printable
from carsi.portal import Portal, Row

AT_WORK = frozenset({"reading", "checking", "applying"})
# States in which the portal says why it went no further.
ENDED = frozenset({"unreadable", "stopped"})
# Seconds between questions of its progress: twice as many each time.
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
LONGEST_WAIT = 3600.0


class Import:
    """An import, uploaded and checked. Refusal where the portal cannot read the file, NoAnswer where it takes beyond
    an hour."""

    def __init__(self, portal: Portal, organization: int, name: str, content: bytes) -> None:
        self._portal = portal
        self._told: set[Any] = set()
        # Of unlikely values that `rows_to_confirm` has told.
        self.codes_to_confirm: set[str] = set()
        self._shown = portal.bring_in(organization, name, content)
        self._wait()

    @property
    def id(self) -> int:
        return int(self._shown["id"])

    @property
    def state(self) -> str:
        return str(self._shown["state"])

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each kind."""
        return dict(self._shown["counts"])

    @property
    def waits_for_columns(self) -> bool:
        """Whether somebody has to say what its columns are before the file is checked."""
        return self.state == "uploaded"

    @property
    def are_submitted(self) -> bool:
        """Whether applying it made programs that wait for a manager, since the key's owner may not publish."""
        return bool(self.counts["created"]) and self._shown.get("new_stage") == "submitted"

    @property
    def unknown_headings(self) -> list[str]:
        """Headings of which the portal does not know what they are."""
        pairs = zip(self._shown["headings"], self._shown["columns"], strict=False)
        return [printable(str(heading)) or "(empty)" for heading, column in pairs if not column]

    def rows_to_mend(self) -> Iterator[str]:
        """A line for each refused row, and below it what is wrong; a row once."""
        if not self.counts["refused"]:
            return
        for row in self._portal.rows(f"imports/{self.id}/rows", outcome="refused"):
            if row["id"] not in self._told:
                self._told.add(row["id"])
                yield "\t".join([f"row {row['number']}", printable(row["identifier"]) or "—", "refused"])
                yield from (f"  {_sentence(wrong)}" for wrong in row["problems"] if not wrong["is_note"])

    def rows_to_confirm(self) -> Iterator[str]:
        """A line for each row with unlikely values, and below it what they are; fills `codes_to_confirm`."""
        if not self.counts.get("warned"):
            return
        for row in self._portal.rows(f"imports/{self.id}/rows", outcome="warned"):
            yield "\t".join([f"row {row['number']}", printable(row["identifier"]) or "—", "to confirm"])
            for wrong in row["problems"]:
                if wrong["is_warning"]:
                    self.codes_to_confirm.add(wrong["code"])
                    yield f"  {wrong['code']}: {_sentence(wrong)}"

    def apply(self, *, leave_out_refused: bool, confirm: Iterable[str] = ()) -> None:
        """Has what is new or changed saved, and waits for it; where nothing is, that is done already. `confirm` are
        the codes of unlikely values that are right."""
        if self.counts["created"] or self.counts["changed"]:
            stated: dict[str, Any] = {"leave_out_refused": leave_out_refused}
            if codes := self.codes_to_confirm & set(confirm):
                stated["confirm"] = sorted(codes)
            self._shown = self._portal.act_on("imports", self.id, "apply", **stated)
            self._wait()

    def _wait(self) -> None:
        until, pause = time.monotonic() + LONGEST_WAIT, FIRST_PAUSE
        while self.state in AT_WORK:
            if time.monotonic() > until:
                raise NoAnswer(
                    f"Import {self.id} is still “{self.state}”: the portal is still working on it. Check again later."
                )
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            self._shown = self._portal.get("imports", self.id)
        if self.state in ENDED:
            raise Refusal(400, {"title": self._shown.get("problem") or "The portal cannot read the file."})


def told(counts: Mapping[str, int]) -> str:
    """How many rows came to what, in words."""
    return ", ".join(f"{counts[name]} {name}" for name in ("created", "changed", "unchanged", "refused", "left_out"))


def _sentence(wrong: Row) -> str:
    place = " ".join(filter(None, (wrong["cell"], wrong["column"])))
    return printable(f"{place}: {wrong['sentence']}" if place else wrong["sentence"])
