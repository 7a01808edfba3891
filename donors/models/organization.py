"""Bodies that take part in programs, and the names that they go by."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from donors.querysets import OrganizationQuerySet
from goals.models import Country


class Organization(models.Model):
    """A body that takes part in programs: donor, government, multilateral body, NGO, company.

    `ref` is its IATI organisation identifier (such as XM-DAC-41114), blank where it has none.
    """

    class Kind(models.TextChoices):
        """IATI code list OrganisationType."""

        GOVERNMENT = "10", _("Government")
        LOCAL_GOVERNMENT = "11", _("Local government")
        OTHER_PUBLIC_SECTOR = "15", _("Other public sector")
        INTERNATIONAL_NGO = "21", _("International NGO")
        NATIONAL_NGO = "22", _("National NGO")
        REGIONAL_NGO = "23", _("Regional NGO")
        PARTNER_COUNTRY_NGO = "24", _("Partner country based NGO")
        PUBLIC_PRIVATE_PARTNERSHIP = "30", _("Public private partnership")
        MULTILATERAL = "40", _("Multilateral")
        FOUNDATION = "60", _("Foundation")
        PRIVATE_SECTOR = "70", _("Private sector")
        PRIVATE_SECTOR_PROVIDER = "71", _("Private sector in provider country")
        PRIVATE_SECTOR_RECIPIENT = "72", _("Private sector in aid recipient country")
        PRIVATE_SECTOR_THIRD = "73", _("Private sector in third country")
        ACADEMIC = "80", _("Academic, training and research")
        OTHER = "90", _("Other")

    name = models.CharField(_("name"), max_length=255)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=2, choices=Kind, default=Kind.OTHER)
    ref = models.CharField(_("IATI organisation identifier"), max_length=120, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("country"),
    )
    contact_email = models.EmailField(
        _("contact email"),
        blank=True,
        help_text=_("Shown to signed-in partners who want to discuss an overlap."),
    )
    is_coordinating_body = models.BooleanField(
        _("coordinating body"), default=False, help_text=_("SICA: its coordinators review overlaps.")
    )
    listed_as = models.CharField(
        _("known body"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Key of the body that it is in the list of known bodies; empty if it is on no list."),
    )
    is_listed_by_hand = models.BooleanField(
        _("known body chosen by a person"),
        default=False,
        db_default=False,
        help_text=_("Loading the list again leaves the choice as it is."),
    )
    compared_as = models.CharField(
        _("known body when its programs were last compared"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="organization_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="organization_kind_is_known",
                condition=Q(
                    kind__in=["10", "11", "15", "21", "22", "23", "24", "30"]
                    + ["40", "60", "70", "71", "72", "73", "80", "90"]
                ),
            ),
            # One register entry a body, whatever the capitals: this is what finds it again on import.
            models.UniqueConstraint(Upper("ref"), name="organization_ref_is_unique", condition=~Q(ref="")),
            models.UniqueConstraint(
                fields=["is_coordinating_body"],
                name="organization_coordinates_alone",
                condition=Q(is_coordinating_body=True),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class OrganizationAlias(models.Model):
    """Another name, acronym or identifier of an organization; `normalized` finds it however it is written.

    `country` is where the name means this organization; blank everywhere. One name may be several organizations':
    who is meant is said by the countries of the program (donors/naming.py). `is_own` marks the organization's name
    itself, which no other one has; `is_listed` what comes from the list of known bodies.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("name")
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former name")
        TRANSLATION = "translation", _("translation")
        REF = "ref", _("identifier")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="aliases", verbose_name=_("organization")
    )
    text = models.CharField(_("text"), max_length=255)
    normalized = models.CharField(
        _("normalized"),
        max_length=255,
        editable=False,
        help_text=_("Lower case, without accents or punctuation."),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.NAME)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country"),
        help_text=_("Where the name means this organization; empty if it does everywhere."),
    )
    is_own = models.BooleanField(_("name in lists"), default=False, db_default=False, editable=False)
    is_listed = models.BooleanField(_("from the list of known bodies"), default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(name="alias_once_an_organization", fields=["organization", "normalized", "kind"]),
            # What lists and forms call an organization by is one organization's name.
            models.UniqueConstraint(name="alias_own_name_once", fields=["normalized"], condition=Q(is_own=True)),
            models.UniqueConstraint(name="alias_identifier_once", fields=["normalized"], condition=Q(kind="ref")),
            models.CheckConstraint(name="alias_is_normalized", condition=~Q(normalized="")),
            models.CheckConstraint(
                name="alias_kind_is_known", condition=Q(kind__in=["name", "acronym", "former", "translation", "ref"])
            ),
        ]
        indexes = [models.Index(name="alias_normalized", fields=["normalized"])]

    def __str__(self) -> str:
        return self.text


class RemovedName(models.Model):
    """A name that a person took away from an organization: loading the list of known bodies does not add it again."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="removed_names", verbose_name=_("organization")
    )
    normalized = models.CharField(_("normalized"), max_length=255)

    class Meta:
        verbose_name = _("removed name")
        verbose_name_plural = _("removed names")
        constraints = [
            models.UniqueConstraint(name="removed_name_once", fields=["organization", "normalized"]),
        ]

    def __str__(self) -> str:
        return self.normalized
