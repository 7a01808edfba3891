"""Splink on the same programs, run with the Python of .venv-bench: `python peer.py PROGRAMS.jsonl`.

Blocked by country and town, and by country, goal and area; text compared as strings; trained without labels, as its
own documentation shows. Prints wall time and peak memory.
"""

import json
import resource
import sys
import time
from pathlib import Path


def main(path: str) -> None:
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rows = [json.loads(line) for line in Path(path).read_text().splitlines()]
    programs = pandas.DataFrame(rows)[
        ["number", "title", "start", "country", "area", "locality", "goal", "sector", "budget", "funder", "implementer"]
    ]
    programs = programs.rename(columns={"number": "unique_id"}).astype(
        {"goal": str, "sector": str, "funder": str, "implementer": str}
    )
    programs["locality"] = programs["locality"].where(programs["locality"] != "", None)
    began = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("title", [0.9, 0.75]),
            compare.ExactMatch("locality"),
            compare.ExactMatch("goal"),
            compare.ExactMatch("sector"),
            compare.ExactMatch("funder"),
            compare.ExactMatch("implementer"),
            compare.ExactMatch("budget"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("country", "locality"),
            block_on("country", "area", "goal", "sector"),
        ],
    )
    linker = Linker(programs, settings, DuckDBAPI())
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("country", "locality"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("country", "area", "goal", "sector"))
    pairs = len(linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  splink: {time.perf_counter() - began:.1f} s, {memory:.0f} MiB, {pairs} pairs over 0.01")


if __name__ == "__main__":
    main(sys.argv[1])
