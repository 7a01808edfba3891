"""Imports real IATI files into a scratch database, scans them, and tells how right the first flagged pairs are."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programs.exchange.iati.importer import IatiImporter
from programs.models import Program
from programs.overlap.candidates import candidate_pairs
from programs.overlap.cases import KEY
from programs.overlap.engine.catalogue import measure
from programs.overlap.engine.score import score_pairs
from programs.overlap.engine.table import Table
from programs.overlap.evaluation.labelled import BadFile, Pair, ordered
from programs.overlap.evaluation.real_files import FIRST, Flagged, judged, read_labels, series_told
from programs.overlap.evaluation.scratch import analyze, scratch_database
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_profiles
from programs.overlap.services.scan import scan_programs
from programs.services.plausibility import EVERYTHING

LABELS = settings.BASE_DIR / "benchmarks" / "real_pairs.csv"
AT_ONCE = 250


class Command(BaseCommand):
    help = (
        "Measures the overlap engine on real IATI files whose pairs were labelled by reading, in a scratch database;"
        " the files are read where they are, and the portal's data is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="IATI activity files (*.xml); its name is that in the labels")
        parser.add_argument("--labels", type=Path, default=LABELS, help="CSV of labelled pairs")
        parser.add_argument("--first", type=int, default=FIRST, help="how many of the surest are judged (default: 60)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on the last line")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        files = sorted(folder.glob("*.xml"))
        if not files:
            raise CommandError(f"{folder}: no folder with IATI files (*.xml); they are no part of the portal")
        if options["first"] < 1:
            raise CommandError("--first: a number of 1 or more would be right")
        try:
            labels = read_labels(options["labels"], folder.resolve().name)
        except BadFile as error:
            raise CommandError(str(error)) from error
        with scratch_database():
            report = IatiImporter(include_all=True, accept=EVERYTHING).import_files(files)
            for name, reason in report.refused_files:
                self.stdout.write(f"{name} is left out: {reason}")
            known = set(Program.objects.values_list("identifier", flat=True))
            flagged, candidates = scanned()
            series = series_told(*in_series(labels), labels)
        found = {"programs": len(known), **judged(flagged, candidates, labels, options["first"]), "series": series}
        absent = sorted({name for pair in labels for name in pair} - known)
        if absent:
            self.stdout.write(f"Labels of programs that no file has: {', '.join(absent)}")
        self._tell(found)
        if options["json"]:
            self.stdout.write(json.dumps(found | {"absent": absent}, ensure_ascii=False))

    def _tell(self, found: dict[str, Any]) -> None:
        pairs, cases, known = found["pairs"], found["cases"], found["known"]
        self.stdout.write(
            f"{found['programs']} programs, {found['candidates']} candidate pairs, {found['flagged']} flagged pairs in"
            f" {cases['number']} cases"
        )
        for name, row in (("pairs", pairs), ("cases", cases)):
            self.stdout.write(
                f"Of the first {row['first']} {name} {row['right']} are right, {row['wrong']} wrong,"
                f" {row['unlabelled']} unlabelled: precision {row['precision']:.2f}"
            )
        self.stdout.write(f"  {cases['with_a_right_pair']} of these cases have a right pair")
        series = found["series"]
        self.stdout.write(f"{series['number']} series with {series['records']} records, {series['pairs']} pairs:")
        for label, row in series["labelled"].items():
            self.stdout.write(f"  {row['in_a_series']} of {row['pairs']} pairs labelled {label} are within a series")
        self.stdout.write(
            f"Of {known['pairs']} known overlaps and duplicates {known['candidates']} are candidates and"
            f" {known['flagged']} flagged:"
        )
        for row in known["ranks"]:
            where = (
                f"pair {row['rank']}, case {row['case_rank']}"
                if row["rank"]
                else "not flagged"
                if row["candidate"]
                else "no candidate"
            )
            self.stdout.write(f"  {row['left']},{row['right']},{row['kind']}: {where}")
        if found["unlabelled"]:
            self.stdout.write(f"{len(found['unlabelled'])} unlabelled pairs among these (left,right,kind,score):")
        for row in found["unlabelled"]:
            self.stdout.write(f"  {row['left']},{row['right']},{row['kind']},{row['score']}")


def scanned() -> tuple[list[Flagged], set[Pair]]:
    """What a scan of all programs of the database flags, as the portal stores it, and all candidates.

    Programs of whatever sector are compared: that most of these would be left out by the sectors the region looks at
    is no matter here.
    """
    Program.objects.update(scope=Program.Scope.IN_SCOPE)
    analyze()
    name = dict(Program.objects.order_by("pk").values_list("pk", "identifier"))
    ids = list(name)
    scan_programs(ids)
    pairs = [pair for i in range(0, len(ids), AT_ONCE) for pair in candidate_pairs(ids[i : i + AT_ONCE], upwards=True)]
    profiles = stored_profiles(ids)
    table = Table([profiles[pk] for pk in ids])
    left, right = (np.array([table.row[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
    # Stored scores are rounded: many would be equally sure.
    score = dict(zip(pairs, score_pairs(table, left, right).scores.tolist(), strict=True))
    stored = Overlap.objects.flagged().annotate(key=KEY).values_list("left_id", "right_id", "kind", "score", "key")
    flagged = [
        Flagged(ordered(name[a], name[b]), kind, score.get((a, b), stored_score), key)
        for a, b, kind, stored_score, key in stored
    ]
    return flagged, {ordered(name[a], name[b]) for a, b in pairs}


def in_series(labels: Iterable[Pair]) -> tuple[list[int], set[Pair]]:
    """How many records each series has (of at least two), and which labelled pairs are of one series."""
    name = dict(Program.objects.order_by("pk").values_list("identifier", "pk"))
    profiles = stored_profiles(name.values())
    counted = Counter(profile.series[0] for profile in profiles.values() if profile.series)
    table = Table(list(profiles.values()))
    pairs = [pair for pair in labels if pair[0] in name and pair[1] in name]
    left, right = (np.array([table.row[name[pair[side]]] for pair in pairs], np.int64) for side in (0, 1))
    together = ~np.isnan(measure(table, left, right)["series"])
    return sorted(n for n in counted.values() if n > 1), {pairs[i] for i in np.flatnonzero(together)}
