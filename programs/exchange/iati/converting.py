"""Parts of an activity as the program services take them: pure functions, no look-up."""

from collections.abc import Sequence
from decimal import Decimal

from programs.exchange.iati.activity import Activity, BudgetLine, Share
from programs.exchange.iati.shares import merged_to_hundred
from programs.services import BudgetData, CoverageData, OtherSectorData, TranslationData

LONGEST_CODE = 255


def budget(line: BudgetLine) -> BudgetData:
    """A line of a budget as the services take it."""
    return BudgetData(
        value=line.value,
        currency=line.currency,
        period_start=line.period_start,
        period_end=line.period_end,
        type=line.type,
        status=line.status,
        value_date=line.value_date,
    )


def coverages(
    activity: Activity,
    countries: list[tuple[str, Decimal | None]],
    regions: list[tuple[str, Decimal | None]],
) -> tuple[CoverageData, ...]:
    """Countries and regions share one 100 %, as the standard has it."""
    tagged = [("country " + code, percentage) for code, percentage in countries]
    tagged += [("region " + code, percentage) for code, percentage in regions]
    rows = []
    for key, percentage in merged_to_hundred(activity, "recipient", tagged).items():
        kind, code = key.split(" ")
        rows.append(CoverageData(**{f"{kind}_id": code}, percentage=percentage))
    return tuple(rows)


def other_sectors(activity: Activity, shares: Sequence[Share]) -> tuple[OtherSectorData, ...]:
    """Sectors of other vocabularies, each vocabulary a list of its own that adds up to 100."""
    rows = []
    for vocabulary in dict.fromkeys(share.vocabulary for share in shares):
        own = [share for share in shares if share.vocabulary == vocabulary]
        # Without a code it is what it is called.
        names = {share.code[:LONGEST_CODE] or share.text: share for share in reversed(own)}
        parts = merged_to_hundred(
            activity,
            f"sector ({vocabulary or '-'})",
            [(share.code[:LONGEST_CODE] or share.text, share.percentage) for share in own],
        )
        for key, percentage in parts.items():
            said = names[key]
            rows.append(OtherSectorData(vocabulary, said.code[:LONGEST_CODE], said.text, percentage))
    return tuple(rows)


def texts(activity: Activity) -> tuple[str, str, str, tuple[TranslationData, ...]]:
    """(language, title, description) of the first language, and the others as translations."""
    titles: dict[str, str] = {}
    for language, text in activity.titles:
        titles.setdefault(language, text)
    descriptions: dict[str, str] = {}
    for language, text in activity.descriptions:
        if text not in descriptions.get(language, ""):
            descriptions[language] = f"{descriptions[language]}\n\n{text}" if language in descriptions else text
    languages = list(dict.fromkeys([*titles, *descriptions])) or ["und"]
    first, *others = languages
    return (
        first,
        titles.get(first, ""),
        descriptions.get(first, ""),
        tuple(
            TranslationData(language, titles.get(language, ""), descriptions.get(language, "")) for language in others
        ),
    )
