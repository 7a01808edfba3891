"""What an activity may differ in from the standard, and what the portal makes of it: a sentence for each code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ODDITIES: dict[str, Promise] = {
    # of the file, and of other files of the same activity
    "file.nested": _("The activity is inside a further <iati-activities> element. It was read all the same."),
    "years.kept": _("Transactions and budgets of periods that this file does not have were kept from earlier files."),
    "years.gone": _("Transactions or budgets that the file had before are no longer in it. They were removed."),
    # of the activity as a whole
    "version.missing": _("The file does not state its version of the standard. The portal read it as the version it "
                         "resembles."),
    "identifier.several": _("The activity has several identifiers. The first one was used."),
    "reporting-org.several": _("The activity has several reporting organizations. The first one was used."),
    "title.missing": _("The activity has no title. Its identifier is shown instead."),
    "language.no-tag": _("The language of a text is not a valid language tag (such as en_US for en-US). The text was "
                         "kept. It is exported with the language’s code of two letters, or without one if that is not "
                         "clear."),
    "space.unknown": _("An xml:space is neither “default” nor “preserve”. It is not exported."),
    "text.stray": _("There is text between elements, which the standard does not allow. It was left out."),
    "text.encoding": _("The file states a wrong encoding, so that quotation marks or letters became invisible "
                       "characters. They were read as windows-1252 means them."),
    "reporting-org.secondary": _("Its reporter republishes the activity of another organization "
                                 "(secondary-reporter). It is marked as a secondary report."),
    "text.markup": _("A text contains HTML tags, which were removed."),
    "status.unknown": _("Unknown status code; the status stays unknown."),
    "code.unknown": _("Unknown code, left out."),
    "related.unreadable": _("A related activity has an unknown relationship type or an unreadable identifier, and "
                            "was left out."),
    "marker.other": _("A policy marker is not one of the DAC. It is kept for exports, and not used."),
    "marker.unknown": _("Unknown policy marker, left out."),
    # of dates
    "date.type-unknown": _("A date has an unknown type and was left out."),
    "date.not-iso": _("A date cannot be read; it stays unknown."),
    "date.part": _("A date gives a year or a month alone. A start is read as its first day, an end as its last day."),
    "date.twice": _("A date is given twice with different values. The first one was used."),
    "date.out-of-order": _("The end is before the start. Both are kept as published."),
    # of organizations
    "participant.nameless": _("A participant has neither name nor identifier and was left out."),
    "participant.role-unknown": _("A participant has an unknown role and was left out."),
    # of places, sectors and their shares
    "code.several": _("One code names several countries or regions. All were taken; their shares are unknown."),
    "country.unknown": _("Unknown country, left out."),
    "region.unknown": _("Unknown DAC region, left out."),
    "sector.unknown": _("The DAC list has no such sector. It is kept and shown, and in no total by sector."),
    "sector.vocabulary": _("No sector is a DAC purpose code. The sectors are kept and shown as published, and are in "
                           "no total by sector."),
    "location.point": _("The point of a location cannot be read and was left out."),
    "location.swapped": _("The latitude and longitude of a location were swapped. They were put in the right order."),
    "location.shares": _("Nothing of the money is for some locations. All locations were kept, without shares."),
    "location.point-outside": _("The point of a location is far from the countries of the activity. The point was left "
                                "out."),
    "location.outside": _("A location is outside the countries of the activity and was left out."),
    "location.nowhere": _("A location has no name, area or point and was left out."),
    "percentage.unreadable": _("A percentage cannot be read and was left out."),
    "percentage.some-missing": _("Only some entries of a list have a percentage, so all of them were ignored."),
    "percentage.tiny": _("Entries whose share of the whole is less than 0.01 percent were left out."),
    "percentage.zero": _("Entries with 0 percent were left out."),
    "percentage.sum": _("The percentages of a list did not add up to 100. They were scaled."),
    # of money
    "currency.unknown": _("Unknown currency. Amounts in it were left out."),
    "currency.in-text": _("An amount includes a currency in its text; only a number is allowed there."),
    "transaction.type": _("A transaction has an unknown type and was left out."),
    "transaction.value": _("A transaction has no readable amount and was left out."),
    "transaction.currency": _("A transaction has no currency and was left out."),
    "transaction.date": _("The date of a transaction cannot be read; it stays unknown."),
    "transaction.value-date": _("The exchange rate date of a transaction cannot be read; it stays unknown."),
    "budget.value": _("A budget has no readable amount and was left out."),
    "budget.currency": _("A budget has no currency and was left out."),
    "budget.date": _("A date of a budget cannot be read; it stays unknown."),
    "budget.value-date": _("The exchange rate date of a budget cannot be read; it stays unknown."),
    "budget.period": _("A budget ends before it starts. Its end stays unknown."),
    "planned.value": _("A planned payment has no readable amount and was left out."),
    "planned.currency": _("A planned payment has no currency and was left out."),
    "planned.date": _("A date of a planned payment cannot be read; it stays unknown."),
    "planned.value-date": _("The exchange rate date of a planned payment cannot be read; it stays unknown."),
    "planned.period": _("A planned payment ends before it starts. Its end stays unknown."),
    "money.incoming-only": _("The activity states only money that it receives. It has neither commitments nor budgets "
                             "nor spending, so it counts with no funds."),
    # of results
    "result.title": _("A result has no title and was left out."),
    "result.type": _("Unknown type of result. It is treated as “other”."),
    "indicator.title": _("An indicator has no title and was left out."),
    "indicator.baseline-year": _("A baseline has no readable year and was left out."),
    "indicator.period": _("The period of an indicator has no readable start and end dates and was left out."),
    "indicator.value": _("The value of an indicator is not a number; it stays unknown."),
}  # fmt: skip
