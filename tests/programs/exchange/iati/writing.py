"""IATI files for tests: one valid activity, some of its parts other ones."""

COUNTRY = '<recipient-country code="HN" percentage="100"/>'
SECTOR = '<sector vocabulary="1" code="15130" percentage="100"/>'
REPORTER = '<reporting-org ref="XX-TEST-1" type="10"><narrative>Test Agency</narrative></reporting-org>'


def one_activity(
    number: object = 1,
    *,
    title: str = "Police training",
    country: str = COUNTRY,
    sector: str = SECTOR,
    reporter: str = REPORTER,
    attributes: str = 'default-currency="USD" xml:lang="en"',
    more: str = "",
) -> str:
    """An <iati-activity>; `more` stands after its sectors."""
    return (
        f"<iati-activity {attributes}><iati-identifier>XX-TEST-1-{number}</iati-identifier>{reporter}"
        f"<title><narrative>{title}</narrative></title>"
        "<description><narrative>Trains officers.</narrative></description>"
        f'<activity-status code="2"/><activity-date type="2" iso-date="2024-01-15"/>{country}{sector}{more}'
        "</iati-activity>"
    )


def document(*activities: str, before: str = "", attributes: str = 'version="2.03"') -> str:
    """A file of activities; `before` stands before its first element."""
    return f"{before}<iati-activities {attributes}>{''.join(activities)}</iati-activities>"


def transaction(value: object, day: str, *, reference: str = "", kind: int = 3) -> str:
    ref = f' ref="{reference}"' if reference else ""
    return (
        f'<transaction{ref}><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f"<value>{value}</value></transaction>"
    )


def budget(value: object, start: str, end: str) -> str:
    return f'<budget><period-start iso-date="{start}"/><period-end iso-date="{end}"/><value>{value}</value></budget>'
