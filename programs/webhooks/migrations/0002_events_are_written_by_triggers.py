"""Events are written where things happen, by whoever changes them: no service, import or scan can forget one.

Nothing is written while nobody has a webhook.
"""

from django.db import migrations

PROGRAMS = """
CREATE FUNCTION webhooks_program_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved boolean := TG_OP = 'INSERT';
    said text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        moved := OLD.stage IS DISTINCT FROM NEW.stage;
    END IF;
    IF moved AND NEW.stage IN ('published', 'closed', 'archived') THEN
        said := 'program.' || NEW.stage;
    ELSIF NOT moved AND NEW.stage IN ('published', 'closed') AND OLD.version IS DISTINCT FROM NEW.version THEN
        said := 'program.changed';
    END IF;
    IF said IS NOT NULL AND EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES (said, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_program_event AFTER INSERT OR UPDATE OF stage, version ON programs_program
    FOR EACH ROW EXECUTE FUNCTION webhooks_program_event();
"""

OVERLAPS = """
CREATE FUNCTION webhooks_overlap_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES ('overlap.flagged', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_overlap_flagged AFTER INSERT ON overlap_overlap
    FOR EACH ROW WHEN (NEW.is_flagged) EXECUTE FUNCTION webhooks_overlap_event();
CREATE TRIGGER webhooks_overlap_flagged_again AFTER UPDATE OF is_flagged ON overlap_overlap
    FOR EACH ROW WHEN (NEW.is_flagged AND NOT OLD.is_flagged) EXECUTE FUNCTION webhooks_overlap_event();
"""

REVIEWS = """
CREATE FUNCTION webhooks_review_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES (
            'overlap.' || CASE NEW.action
                WHEN 'confirm' THEN 'confirmed' WHEN 'dismiss' THEN 'dismissed' ELSE 'reopened' END,
            NEW.overlap_id
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_review_event AFTER INSERT ON overlap_review
    FOR EACH ROW EXECUTE FUNCTION webhooks_review_event();
"""

AGREEMENTS = """
CREATE FUNCTION webhooks_agreement_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM webhooks_endpoint WHERE ended = '') THEN
        INSERT INTO webhooks_event (kind, subject_id) VALUES ('agreement.' || NEW.state, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER webhooks_agreement_event AFTER UPDATE OF state ON agreements_agreement
    FOR EACH ROW WHEN (NEW.state <> 'draft' AND NEW.state <> OLD.state) EXECUTE FUNCTION webhooks_agreement_event();
"""

NOT_ANY_MORE = """
DROP TRIGGER webhooks_program_event ON programs_program;
DROP FUNCTION webhooks_program_event();
DROP TRIGGER webhooks_overlap_flagged ON overlap_overlap;
DROP TRIGGER webhooks_overlap_flagged_again ON overlap_overlap;
DROP FUNCTION webhooks_overlap_event();
DROP TRIGGER webhooks_review_event ON overlap_review;
DROP FUNCTION webhooks_review_event();
DROP TRIGGER webhooks_agreement_event ON agreements_agreement;
DROP FUNCTION webhooks_agreement_event();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_webhooks"),
        ("overlap", "0001_initial"),
        ("agreements", "0001_agreements"),
        ("programs", "0001_initial"),
    ]

    operations = [migrations.RunSQL(PROGRAMS + OVERLAPS + REVIEWS + AGREEMENTS, NOT_ANY_MORE)]
