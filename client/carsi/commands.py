"""The command `carsi`: each of its commands, and the codes that it ends with."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from carsi.arguments import WITH_FILTERS, key_from, parser, split_filters, url_from
from carsi.errors import CarsiError, NoAnswer, Refusal, Unsafe, WrongUse, sentence_of
from carsi.importing import Import, told
from carsi.mirroring import Mirror
from carsi.portal import Portal
from carsi.pushing import label_of, programs_in
from carsi.saving import Target, written

REFUSED_ROWS = WAITS = 1
ENDS = {WrongUse: 2, Unsafe: 2, Refusal: 3, NoAnswer: 4}
INTERRUPTED = 130
PIPE_CLOSED = 141


def main(words: Sequence[str] | None = None) -> int:
    """Runs a command. 0: done; 1: rows were refused, or a file waits for a person; 2: wrong use; 3: refused;
    4: no answer."""
    try:
        return _run(list(sys.argv[1:] if words is None else words))
    except BrokenPipeError:  # the reader (head, say) has enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (what is left in it is not written at the end)
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except CarsiError as error:
        _tell(str(error))
        return ENDS[type(error)]
    except OSError as error:
        _tell(f"{error.filename or 'a file'}: {error.strerror}")
        return ENDS[WrongUse]


def _run(words: list[str]) -> int:
    filters: dict[str, str] = {}
    if words and words[0] in WITH_FILTERS:
        words, filters = split_filters(words)
    stated = parser().parse_args(words)
    tell = (lambda sentence: None) if stated.quiet else _tell
    key = key_from(stated.key_file, os.environ, _tell)
    plain_http = os.environ.get("CARSI_PLAIN_HTTP") == "1"
    with Portal(url_from(stated.url, os.environ), key, plain_http=plain_http, tell=tell) as portal:
        match stated.command:
            case "pull":
                return _pull(portal, stated, filters)
            case "mirror":
                changes = Mirror(portal, stated.kind, stated.folder, filters).update()
                tell(
                    f"{changes.rows} rows: {changes.added} added, {changes.changed} changed, {changes.removed} removed"
                )
            case "push":
                return _push(portal, stated.file)
            case "import":
                return _import(portal, stated, tell)
            case "get":
                _show(portal.get(stated.kind, stated.id))
            case "whoami":
                _show(portal.me())
            case "kinds":
                for kind, names in portal.kinds().items():
                    print(f"{kind:<16} {' '.join(names)}".rstrip())
    return 0


def _pull(portal: Portal, stated: argparse.Namespace, filters: dict[str, str]) -> int:
    if stated.since:
        filters = {**filters, "updated_since": stated.since}
    first = portal.first_page(stated.kind, filters)
    if stated.output in (None, Path("-")):
        columns: tuple[str, ...] = ()
        for page in portal.pages(first):
            text, columns = written(page.rows, stated.format, columns)
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        return 0
    tell = (lambda sentence: None) if stated.quiet else _tell
    # The address names the portal too: a file half of one portal's rows is not gone on with from another.
    done = Target(stated.output).save(
        portal.url + first, stated.format, portal.pages, restart=stated.restart, tell=tell
    )
    tell(f"{done.rows} rows in {stated.output}")
    return 0


def _push(portal: Portal, name: str) -> int:
    programs = programs_in(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    refused = 0
    for (place, program), pushed in zip(programs, portal.upsert(program for _place, program in programs), strict=True):
        refused += pushed.outcome == "refused"
        print("\t".join([place, label_of(program), pushed.outcome, "" if pushed.id is None else str(pushed.id)]))
        if pushed.problem:
            print(*("  " + line for line in sentence_of(pushed.problem).splitlines()), sep="\n")
        sys.stdout.flush()
    if refused:
        _tell(f"{refused} of {len(programs)} refused")
    return REFUSED_ROWS if refused else 0


def _import(portal: Portal, stated: argparse.Namespace, tell: Callable[[str], None]) -> int:
    job = Import(portal, stated.organization, stated.file.name, stated.file.read_bytes())
    tell(f"import {job.id}: {job.state}")
    if job.waits_for_columns:
        if unknown := ", ".join(job.unknown_headings):
            _tell(f"The portal does not recognize these headings: {unknown}.")
        else:
            _tell("The portal finds no column that names the programs, by title or identifier.")
        _tell(
            f"Match them once on the page of import {job.id}, or with POST imports/{job.id}/columns/; "
            "the portal remembers them."
        )
        return WAITS
    for line in job.rows_to_mend():
        print(line)
    tell(told(job.counts))
    if job.counts["asking"]:
        _tell(f"{job.counts['asking']} may be programs that are there already: say which on the page of the import.")
        return WAITS
    for line in job.rows_to_confirm():
        print(line)
    if stated.apply and job.codes_to_confirm - set(stated.confirm):
        left = " ".join(f"--confirm {code}" for code in sorted(job.codes_to_confirm))
        _tell(f"Nothing is applied: correct the unlikely values, or confirm them with {left}.")
        return WAITS
    if stated.apply and (stated.leave_out_refused or not job.counts["refused"]):
        job.apply(leave_out_refused=stated.leave_out_refused, confirm=stated.confirm)
        for line in job.rows_to_mend():
            print(line)
        submitted = "; the new ones are submitted, a manager publishes them" if job.are_submitted else ""
        tell(f"{job.counts['applied']} applied{submitted}")
    elif stated.apply:
        _tell("Nothing is applied: correct the rejected rows, or use --leave-out-refused.")
    return REFUSED_ROWS if job.counts["refused"] else 0


def _show(thing: object) -> None:
    print(json.dumps(thing, indent=2, ensure_ascii=False))


def _tell(sentence: str) -> None:
    print(*(f"carsi: {line}" for line in sentence.splitlines()), sep="\n", file=sys.stderr)
