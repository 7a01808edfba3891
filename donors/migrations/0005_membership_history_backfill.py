from django.db import migrations

# The memberships of before the history: as they stand, at the time when each began. Nothing to undo: the table goes
# with the migration before this one.
BACKFILL = """
    INSERT INTO donors_membershipevent
        (created_at, id, organization_id, pgh_context_id, pgh_created_at, pgh_label, pgh_obj_id, role, user_id)
    SELECT created_at, id, organization_id, NULL, created_at, 'insert', id, role, user_id FROM donors_membership
    WHERE id NOT IN (SELECT pgh_obj_id FROM donors_membershipevent)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0004_membership_history"),
    ]

    operations = [
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
