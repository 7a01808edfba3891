"""Organizations that turned out to be another known body: their programs are compared again."""

import structlog
from django.db import connection, transaction
from django.db.models import F

from donors.models import Organization

log = structlog.get_logger(__name__)

_DUE = """
WITH named AS (
    SELECT id FROM programs_program WHERE reporting_org_id = ANY(%(ids)s)
    UNION SELECT program_id FROM programs_participation WHERE organization_id = ANY(%(ids)s)
    UNION SELECT program_id FROM programs_transaction WHERE provider_id = ANY(%(ids)s) OR receiver_id = ANY(%(ids)s)
), stale AS (
    UPDATE overlap_programprofile SET made_by = '' WHERE program_id IN (SELECT id FROM named)
)
UPDATE programs_program SET scanned_version = 0 WHERE id IN (SELECT id FROM named)
"""


def compare_again_what_names_other_bodies() -> int:
    """Makes the programs due for a scan of which an organization is another known body than when they were compared;
    how many organizations that were. One query where there is none."""
    changed = dict(Organization.objects.exclude(listed_as=F("compared_as")).values_list("pk", "listed_as"))
    if not changed:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, {"ids": sorted(changed)})
        for pk, key in changed.items():
            Organization.objects.filter(pk=pk, listed_as=key).update(compared_as=key)
    log.info("scan.bodies_changed", organizations=sorted(changed)[:10], count=len(changed))
    return len(changed)
