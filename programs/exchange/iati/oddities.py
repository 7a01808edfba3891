"""What an activity may differ in from the standard, and what the portal makes of it: a sentence for each code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ODDITIES: dict[str, Promise] = {
    # of the activity as a whole
    "version.missing": _("The file does not say which version of the standard it follows. It is read as what it looks "
                         "like."),
    "identifier.several": _("The activity has several identifiers. The first is taken."),
    "reporting-org.several": _("The activity has several reporting organizations. The first is taken."),
    "title.missing": _("The activity has no title. It is shown by its identifier."),
    "language.no-tag": _("The language of a text is no language tag (such as en_US for en-US). The text is taken, and "
                         "exported without the tag."),
    "space.unknown": _("An xml:space says neither “default” nor “preserve”. It is not exported."),
    "text.stray": _("Text stands between elements, where the standard has none. It is left out."),
    "text.markup": _("A text holds the marks of a web page, which are taken out."),
    "status.unknown": _("The status is none of the list, and is left unknown."),
    "code.unknown": _("A code is none of its list, and is left out."),
    "related.unreadable": _("A related activity has no known kind or no readable identifier, and is left out."),
    "marker.unknown": _("A policy marker is none of the list, and is left out."),
    # of dates
    "date.type-unknown": _("A date is of no known kind, and is left out."),
    "date.not-iso": _("A date cannot be read, and is left unknown."),
    "date.twice": _("A date is stated twice, differently. The first is taken."),
    "date.out-of-order": _("The end comes before the start. Both are kept as published."),
    # of organizations
    "participant.nameless": _("A participant has neither name nor identifier, and is left out."),
    "participant.role-unknown": _("The role of a participant is none of the list. The participant is left out."),
    # of places, sectors and their shares
    "country.unknown": _("A country is none of the list, and is left out."),
    "region.unknown": _("A region is none of the DAC list, and is left out."),
    "sector.unknown": _("A sector is none of the DAC list. It is left out, but its words count for the goals."),
    "location.point": _("The point of a location cannot be read, and is left out."),
    "location.outside": _("A location lies outside the countries of the activity, and is left out."),
    "location.nowhere": _("A location has no name, area or point, and is left out."),
    "percentage.unreadable": _("A percentage cannot be read, and is left out."),
    "percentage.some-missing": _("Only some entries of a list have a percentage, so none is kept."),
    "percentage.zero": _("Entries with a share of zero are left out."),
    "percentage.sum": _("The percentages of a list did not add up to 100. They are scaled."),
    # of money
    "currency.unknown": _("A currency is none of the list. Amounts in it are left out."),
    "currency.in-text": _("An amount has a currency within its text, where only the number belongs."),
    "transaction.type": _("A transaction is of no known kind, and is left out."),
    "transaction.value": _("A transaction has no readable amount, and is left out."),
    "transaction.currency": _("A transaction has no currency, and is left out."),
    "transaction.date": _("The date of a transaction cannot be read, and is left unknown."),
    "transaction.value-date": _("The day of a transaction's exchange rate cannot be read, and is left unknown."),
    "budget.value": _("A budget has no readable amount, and is left out."),
    "budget.currency": _("A budget has no currency, and is left out."),
    "budget.date": _("A date of a budget cannot be read, and is left unknown."),
    "budget.value-date": _("The day of a budget's exchange rate cannot be read, and is left unknown."),
    "budget.period": _("A budget ends before it begins. Its end is left unknown."),
    # of results
    "result.title": _("A result has no title, and is left out."),
    "result.type": _("The kind of a result is none of the list. It is taken as another one."),
    "indicator.title": _("An indicator has no title, and is left out."),
    "indicator.baseline-year": _("A baseline has no readable year, and is left out."),
    "indicator.period": _("The period of an indicator has no readable first and last day, and is left out."),
    "indicator.value": _("The value of an indicator is no number, and is left unknown."),
}  # fmt: skip
