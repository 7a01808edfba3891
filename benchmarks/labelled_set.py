"""A labelled set of the same make as the one in use, with other words, templates and names, from a seed.

    python -m benchmarks.labelled_set FOLDER [--programs 4000] [--seed 1]

writes FOLDER/programs.jsonl and FOLDER/pairs.csv for `manage.py evaluate_overlaps`. Nothing is fitted to it: it shows
what the engine keeps of its quality on words that it was not fitted on.
"""

import argparse
import csv
import datetime as dt
import json
import random
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.labelled_words import BODIES, ENDS, MEANS, PEOPLE, TITLES, WORK

AREAS = ("HN-AT", "HN-CR", "HN-YO", "GT-01", "GT-04", "GT-16", "SV-SS", "SV-LI", "SV-SM", "NI-MN", "NI-LE", "CR-L",
         "CR-SJ", "PA-3", "PA-4", "BZ-BZ", "BZ-CY")  # fmt: skip
SYLLABLES = (
    "bor",
    "dil",
    "fen",
    "gro",
    "hul",
    "kem",
    "lon",
    "mur",
    "nis",
    "pav",
    "rud",
    "sot",
    "tolk",
    "vin",
    "xal",
    "zur",
)
LONG_ENOUGH = 180
LEAST, MOST = 300, 1500  # days that a program lasts


class Maker:
    """Makes programs; every choice comes from one seeded source."""

    def __init__(self, seed: int, localities: int) -> None:
        self.random = random.Random(seed)
        self.places = [(self._name(3), self.random.choice(AREAS)) for _ in range(localities)]
        self.donors = [
            f"{self._name(2)} {self.random.choice(('Cooperation', 'Trust', 'Fondo', 'Cooperación'))}" for _ in range(24)
        ]
        self.partners = [
            f"{self.random.choice(('Asociación', 'Centre', 'Instituto'))} {self._name(3)}" for _ in range(260)
        ]
        self.rows: list[dict[str, Any]] = []

    def _name(self, syllables: int) -> str:
        return "".join(self.random.choices(SYLLABLES, k=syllables)).capitalize()

    def base(self) -> dict[str, Any]:
        """What is true of a new undertaking."""
        start = dt.date(2011, 1, 1) + dt.timedelta(self.random.randrange(5000))
        return {
            "work": self.random.randrange(len(WORK)), "place": self.random.choice(self.places),
            "donor": self.random.choice(self.donors), "partner": self.random.choice(self.partners),
            "start": start, "end": start + dt.timedelta(self.random.randint(LEAST, MOST)),
            "value": round(10 ** self.random.uniform(4.7, 7.2), -3), "language": self.random.choice(("en", "es")),
            "people": self.random.randrange(len(PEOPLE)), "means": self.random.randrange(len(MEANS)),
            "aim": self.random.randrange(len(ENDS)),
        }  # fmt: skip

    def near(self, fact: dict[str, Any]) -> dict[str, Any]:
        """Another undertaking that runs at about the same time, of about the same size or of another."""
        other = self.base()
        start = fact["start"] + dt.timedelta(int(self.random.triangular(-500, 500, 0)))
        value = fact["value"] * self.random.uniform(0.9, 1.1) if self.random.random() < 0.3 else other["value"]
        same = {key: fact[key] for key in ("people", "means", "aim") if self.random.random() < 0.3}
        return other | same | {
            "start": start, "end": start + dt.timedelta(self.random.randint(LEAST, MOST)), "value": round(value, -3),
        }  # fmt: skip

    def write(self, fact: dict[str, Any], **changes: Any) -> int:
        """Adds the record of an undertaking; where it stands."""
        pick = self.random
        told = fact | {"reporter": fact["donor"], "transactions": [], "record": fact} | changes
        index = 0 if told["language"] == "en" else 1
        goal, sector, *tellings = WORK[told["work"]]
        words = {
            "work": pick.choice(tellings[index]), "work2": pick.choice(tellings[index]), "place": told["place"][0],
            "people": pick.choice(PEOPLE[told["people"]][index]), "means": pick.choice(MEANS[told["means"]][index]),
            "end": pick.choice(ENDS[told["aim"]][index]),
        }  # fmt: skip
        title, body = (pick.choice(forms[told["language"]]).format(**words) for forms in (TITLES, BODIES))
        hidden_area, hidden_place, open_end = pick.random() < 0.08, pick.random() < 0.15, pick.random() < 0.04
        number = len(self.rows)
        self.rows.append(told | {
            "row": {
                "id": f"W{number:05}", "identifier": f"YY-{self._name(2).upper()}-{pick.randrange(10**6):06}",
                "reporting_org": told["reporter"], "title": self._typed(title[0].upper() + title[1:]),
                "description": self._typed(body[0].upper() + body[1:]), "language": told["language"], "status": "2",
                "start": told["start"].isoformat(), "end": None if open_end else told["end"].isoformat(),
                "countries": [{"code": told["place"][1][:2], "percentage": 100}],
                "areas": [] if hidden_area else [told["place"][1]],
                "localities": [] if hidden_place else [told["place"][0]],
                "goals": [pick.randint(1, 5) if pick.random() < 0.06 else goal],
                "sectors": [{"code": pick.choice(WORK)[1] if pick.random() < 0.1 else sector, "percentage": 100}],
                "participating_orgs": [{"role": "1", "name": told["donor"]}]
                + ([{"role": "4", "name": told["partner"]}] if pick.random() < 0.9 else []),
                "budget": {"value": told["value"], "currency": "USD"}, "transactions": told["transactions"],
            },
        })  # fmt: skip
        return number

    def _typed(self, text: str) -> str:
        """The text with a typing error here and there: two letters changed over."""
        words = text.split(" ")
        for i, word in enumerate(words):
            if len(word) > 5 and self.random.random() < 0.03:
                at = self.random.randrange(1, len(word) - 2)
                words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return " ".join(words)

    def transfer(self, fact: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        """One movement of money from the donor to the partner as one of them reports it."""
        day = fact["start"] + dt.timedelta(self.random.randrange(90))
        return [{"type": kind, "value": fact["value"] / 2, "currency": "USD", "date": day.isoformat(),
                 "provider": fact["donor"], "receiver": fact["partner"], "provider_activity_id": None}]  # fmt: skip

    def family(self) -> None:
        """One undertaking, with what is told of it twice, what overlaps with it, and what only looks so."""
        pick, fact = self.random, self.base()
        other_language = {"en": "es", "es": "en"}
        kind = pick.random()
        if kind < 0.05:
            self.write(fact)
            shift = dt.timedelta(pick.randint(-10, 10))
            language = pick.choice(("en", "es"))
            again = fact | {
                "language": language,
                "start": fact["start"] + shift,
                "value": fact["value"] * pick.choice((1, 1, 1.02)),
            }
            self.write(again, record=fact)
        elif kind < 0.12:
            self.write(fact, transactions=self.transfer(fact, "3"))
            language = pick.choice((fact["language"], other_language[fact["language"]]))
            theirs = fact | {"language": language, "value": fact["value"] * pick.choice((1, 0.97, 1.1))}
            self.write(theirs, record=fact, reporter=fact["partner"], transactions=self.transfer(theirs, "1"))
        else:
            self.write(fact)
        if pick.random() < 0.38:
            self.write(self.near(fact) | {"work": fact["work"], "place": fact["place"]})
        looks = pick.random()
        if looks < 0.1:
            self.write(self.near(fact) | {"place": fact["place"]})
        elif looks < 0.2:
            beside = pick.choice([place for place in self.places if place[1] == fact["place"][1]])
            self.write(self.near(fact) | {"work": fact["work"], "place": beside, "donor": fact["donor"]})
        elif looks < 0.28:
            later = fact["end"] + dt.timedelta(pick.randint(-40, 200))
            phase = self.near(fact) | {key: fact[key] for key in ("work", "place", "partner")}
            self.write(phase | {"start": later, "end": later + dt.timedelta(pick.randint(LEAST, MOST))})
        elif looks < 0.31:
            # One donor's programme in two components: the same days, town and money, other work.
            other = pick.choice([work for work in range(len(WORK)) if work != fact["work"]])
            shift = dt.timedelta(pick.choice((0, 0, pick.randint(-20, 20))))
            self.write(fact | {"work": other, "start": fact["start"] + shift, "partner": pick.choice(self.partners)})

    def pairs(self) -> list[tuple[str, str, str, str]]:
        """The labels of all pairs that are one undertaking, overlap, or nearly do."""
        found, by_place = [], defaultdict(list)
        for number, told in enumerate(self.rows):
            by_place[told["place"]].append(number)
        for numbers in by_place.values():
            for a, b in combinations(numbers, 2):
                if kind := label(self.rows[a], self.rows[b]):
                    languages = {self.rows[a]["language"], self.rows[b]["language"]}
                    found.append((self.rows[a]["row"]["id"], self.rows[b]["row"]["id"], kind,
                                  "cross" if len(languages) == 2 else languages.pop()))  # fmt: skip
        return found


def label(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    """What a pair in one place is; "" for a pair that is not worth a line."""
    if mine["record"] is theirs["record"]:
        return "duplicate" if mine["reporter"] == theirs["reporter"] else "same_money"
    days = (min(mine["end"], theirs["end"]) - max(mine["start"], theirs["start"])).days + 1
    if days <= 0 and mine["work"] == theirs["work"]:
        return "none"
    if mine["work"] != theirs["work"]:
        return ""
    return "overlap" if days >= LONG_ENOUGH and mine["donor"] != theirs["donor"] else "ignore"


def write_set(folder: Path, programs: int, seed: int) -> None:
    """Writes both files; the same seed, the same files."""
    maker = Maker(seed, localities=max(4, programs // 9))
    while len(maker.rows) < programs:
        maker.family()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(told["row"], ensure_ascii=False) for told in maker.rows]
    (folder / "programs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("left", "right", "kind", "languages"))
        writer.writerows(maker.pairs())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--programs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_set(options.folder, options.programs, options.seed)
