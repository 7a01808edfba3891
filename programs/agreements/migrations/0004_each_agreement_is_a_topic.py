import django.db.models.deletion
from django.db import migrations, models

# Comments may only be withdrawn: the triggers that hold it let this migration through.
LET_THROUGH = """
SELECT set_config('pgtrigger.ignore', (
    SELECT '{' || string_agg(tgname, ',') || '}' FROM pg_trigger
    WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger%'
    AND tgrelid IN ('discussion_comment'::regclass, 'agreements_agreement'::regclass)
), true);
"""
AS_BEFORE = """
SET CONSTRAINTS ALL IMMEDIATE;
SELECT set_config('pgtrigger.ignore', '{}', true);
"""
FORWARD = f"""
{LET_THROUGH}
WITH new AS (
    SELECT id, nextval(pg_get_serial_sequence('discussion_topic', 'id')) AS topic_id FROM agreements_agreement
), made AS (
    INSERT INTO discussion_topic (id, kind) SELECT topic_id, 'agreement' FROM new
)
UPDATE agreements_agreement a SET topic_id = new.topic_id FROM new WHERE new.id = a.id;
UPDATE discussion_comment c SET topic_id = a.topic_id, agreement_id = NULL
    FROM agreements_agreement a WHERE a.id = c.agreement_id;
UPDATE discussion_notification n SET topic_id = a.topic_id, topic_event = n.step_id
    FROM agreements_agreement a WHERE a.id = n.agreement_id;
{AS_BEFORE}
"""
BACKWARD = f"""
{LET_THROUGH}
UPDATE discussion_comment c SET agreement_id = a.id, topic_id = NULL
    FROM agreements_agreement a WHERE a.topic_id = c.topic_id;
UPDATE discussion_notification n SET agreement_id = a.id, step_id = n.topic_event, topic_id = NULL, topic_event = NULL
    FROM agreements_agreement a WHERE a.topic_id = n.topic_id;
UPDATE agreements_agreement SET topic_id = NULL;
DELETE FROM discussion_topic WHERE kind = 'agreement';
{AS_BEFORE}
"""


class Migration(migrations.Migration):
    """Comments and notifications of agreements point to the agreement's topic."""

    dependencies = [
        ("agreements", "0003_editions_and_dropped_drafts"),
        ("discussion", "0007_constraints_leave_room_for_topics"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="topic",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreement",
                to="discussion.topic",
                verbose_name="topic",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name="agreement",
            name="topic",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreement",
                to="discussion.topic",
                verbose_name="topic",
            ),
        ),
    ]
