"""Clusters: flagged pairs that are one case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.overlap.querysets import ClusterQuerySet


class Cluster(models.Model):
    """Flagged, undismissed pairs that hang together: each shares a program and a place with another of them.

    The figures are of all its pairs, so of things that not everybody may see: pages take theirs from the pairs that
    the user may see (clustering.figures_of). `money_usd` is what may be spent twice, nothing counted twice.
    """

    score = models.FloatField(_("highest probability"))
    kinds = ArrayField(models.CharField(max_length=10), verbose_name=_("kinds"))
    money_usd = models.DecimalField(
        _("possible duplicate amount (US dollars)"), max_digits=22, decimal_places=2, null=True, blank=True
    )
    # The priority of its weightiest open pair (stake.py), 0 to 100.
    stake = models.FloatField(_("priority, 0 to 100"), default=0, db_default=0)
    programs = models.PositiveIntegerField(_("programs"))
    pairs = models.PositiveIntegerField(_("pairs"))
    created_at = models.DateTimeField(_("first detected"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-score", "-id"]
        constraints = [
            models.CheckConstraint(
                name="cluster_has_a_pair", condition=models.Q(pairs__gte=1) & models.Q(programs__gte=2)
            ),
            models.CheckConstraint(
                name="cluster_score_is_0_to_1", condition=models.Q(score__gte=0) & models.Q(score__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("overlap:case", args=[self.pk])


class ClusterDue(models.Model):
    """A cluster that lost a pair, written by a trigger; the next scan or sweep looks at it again and takes the row.

    No foreign key: the cluster itself may be gone by then.
    """

    cluster_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("case to check again")
        verbose_name_plural = _("cases to check again")

    def __str__(self) -> str:
        return f"#{self.cluster_id}"
