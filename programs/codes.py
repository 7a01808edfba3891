"""The codes that programs and their rows are kept with: the standard's own where there is one.

Models, their constraints, queries and SQL take them from here, so that none says a bare number or word.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.IntegerChoices):
    """IATI code list ActivityStatus."""

    PIPELINE = 1, _("Pipeline")
    IMPLEMENTATION = 2, _("Implementation")
    FINALISATION = 3, _("Finalisation")
    CLOSED = 4, _("Closed")
    CANCELLED = 5, _("Cancelled")
    SUSPENDED = 6, _("Suspended")


class Stage(models.TextChoices):
    """Where the record is in its life in the portal."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    PARTNERS = "partners", _("Signed-in partners")
    RESTRICTED = "restricted", _("Own organization, coordinators and named organizations")


class Source(models.TextChoices):
    BROWSER = "browser", _("Entered in the portal")
    IATI = "iati", _("Imported from IATI")
    SPREADSHEET = "spreadsheet", _("Imported from a spreadsheet")
    API = "api", _("Sent through the API")
    DEMONSTRATION = "demonstration", _("Demonstration data")


class Scope(models.TextChoices):
    IN_SCOPE = "in_scope", _("Within the five goals")
    OUT_OF_SCOPE = "out_of_scope", _("Outside the five goals")
    UNDETERMINED = "undetermined", _("Not determined")


class GoalsOrigin(models.TextChoices):
    PROPOSED = "proposed", _("Proposed from sectors and text")
    CONFIRMED = "confirmed", _("Set by a person")


class Component(models.IntegerChoices):
    """The four components of the Central American Security Strategy (ESCA)."""

    COMBATING_CRIME = 1, _("Combating crime")
    PREVENTION = 2, _("Prevention of violence")
    REHABILITATION = 3, _("Rehabilitation, reintegration and prison security")
    INSTITUTIONS = 4, _("Institutional strengthening")


class CommittedBasis(models.TextChoices):
    NONE = "none", _("no funding stated")
    COMMITMENTS = "commitments", _("sum of the commitments")
    BUDGETS = "budgets", _("sum of the budgets, because no commitment is stated")
    DISBURSED = "disbursed", _("sum of the disbursements, because neither commitments nor budgets are stated")


class Role(models.IntegerChoices):
    """IATI code list OrganisationRole."""

    FUNDING = 1, _("Funding")
    ACCOUNTABLE = 2, _("Accountable")
    EXTENDING = 3, _("Extending")
    IMPLEMENTING = 4, _("Implementing")


class TransactionType(models.IntegerChoices):
    """IATI code list TransactionType."""

    INCOMING_FUNDS = 1, _("Incoming funds")
    COMMITMENT = 2, _("Commitment")
    DISBURSEMENT = 3, _("Disbursement")
    EXPENDITURE = 4, _("Expenditure")
    INTEREST_PAYMENT = 5, _("Interest payment")
    LOAN_REPAYMENT = 6, _("Loan repayment")
    REIMBURSEMENT = 7, _("Reimbursement")
    PURCHASE_OF_EQUITY = 8, _("Purchase of equity")
    SALE_OF_EQUITY = 9, _("Sale of equity")
    CREDIT_GUARANTEE = 10, _("Credit guarantee")
    INCOMING_COMMITMENT = 11, _("Incoming commitment")
    OUTGOING_PLEDGE = 12, _("Outgoing pledge")
    INCOMING_PLEDGE = 13, _("Incoming pledge")


class BudgetType(models.IntegerChoices):
    """IATI code list BudgetType."""

    ORIGINAL = 1, _("Original")
    REVISED = 2, _("Revised")


class BudgetStatus(models.IntegerChoices):
    """IATI code list BudgetStatus."""

    INDICATIVE = 1, _("Indicative")
    COMMITTED = 2, _("Committed")


class PlannedBasis(models.TextChoices):
    """What the planned money of a year is made of."""

    PAYMENTS = "payments", _("planned payments")
    BUDGETS = "budgets", _("budgets, because no payment is planned for that year")


# What a program's own money does: promised, then spent.
SPENT = (TransactionType.DISBURSEMENT, TransactionType.EXPENDITURE)
INCOMING = (TransactionType.INCOMING_FUNDS, TransactionType.INCOMING_COMMITMENT, TransactionType.INCOMING_PLEDGE)
# Who carries a program out, and does not only pay or answer for it.
CARRYING_OUT = (Role.EXTENDING, Role.IMPLEMENTING)
OUTGOING = (TransactionType.COMMITMENT, *SPENT)
# Programs of these are not carried on.
OVER = (Status.CLOSED, Status.CANCELLED)


def sql_list(values: Iterable[int | str]) -> str:
    """Values of these enums as an SQL list, for statements made of constants: (3, 4)."""
    return "(" + ", ".join(f"'{value}'" if isinstance(value, str) else str(int(value)) for value in values) + ")"
