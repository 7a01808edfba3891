"""Whatever the rules of what counts once look at makes its program due when it changes: by triggers, so that no service,
import or command goes around them.

Rows that are added or deleted are noted by one trigger a statement, changes by one a row, which does nothing where none
of these columns changes.
"""

from django.db import migrations

# The table, the column that names the program, and what of it the rules look at.
WATCHED = (
    (
        "programs_program",
        "id",
        "identifier hierarchy reporting_org_id stage committed_usd disbursed_usd committed_left_out disbursed_left_out",
    ),
    ("programs_relatedprogram", "program_id", "program_id type related_id"),
    (
        "programs_transaction",
        "program_id",
        "program_id type provider_id provider_activity receiver_activity value_usd",
    ),
    ("programs_participation", "program_id", "program_id organization_id role activity_identifier"),
    ("programs_plannedyear", "program_id", "program_id year usd left_out"),
    (
        "programs_planneddisbursement",
        "program_id",
        "program_id type period_start period_end value currency value_usd receiver_activity provider_id receiver_id",
    ),
)
# Of rows that are added, deleted or changed; the trigger names the column of the program.
FUNCTIONS = """
CREATE FUNCTION money_due_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'id' THEN
        INSERT INTO money_due (program_id) SELECT id FROM changed;
    ELSE
        INSERT INTO money_due (program_id) SELECT DISTINCT program_id FROM changed;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION money_due_of_program() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO money_due (program_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION money_due_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO money_due (program_id) VALUES (NEW.program_id);
    IF OLD.program_id <> NEW.program_id THEN
        INSERT INTO money_due (program_id) VALUES (OLD.program_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION money_due_of_pair() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pair record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    INSERT INTO money_due (program_id) VALUES (pair.left_id), (pair.right_id);
    RETURN NULL;
END $$;
CREATE TRIGGER money_due_added AFTER INSERT ON overlap_overlap
    FOR EACH ROW WHEN (NEW.second_report_id IS NOT NULL) EXECUTE FUNCTION money_due_of_pair();
CREATE TRIGGER money_due_deleted AFTER DELETE ON overlap_overlap
    FOR EACH ROW WHEN (OLD.second_report_id IS NOT NULL) EXECUTE FUNCTION money_due_of_pair();
CREATE TRIGGER money_due_changed AFTER UPDATE ON overlap_overlap
    FOR EACH ROW WHEN (
        OLD.second_report_id IS DISTINCT FROM NEW.second_report_id
        OR NEW.second_report_id IS NOT NULL AND (OLD.is_flagged <> NEW.is_flagged OR OLD.state <> NEW.state)
    ) EXECUTE FUNCTION money_due_of_pair();
"""
NO_FUNCTIONS = """
DROP TRIGGER money_due_added ON overlap_overlap;
DROP TRIGGER money_due_deleted ON overlap_overlap;
DROP TRIGGER money_due_changed ON overlap_overlap;
DROP FUNCTION money_due_of_rows();
DROP FUNCTION money_due_of_program();
DROP FUNCTION money_due_of_row();
DROP FUNCTION money_due_of_pair();
"""


def _watching(table: str, column: str, watched: str) -> str:
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in watched.split())
    function = "money_due_of_program" if column == "id" else "money_due_of_row"
    return f"""
    CREATE TRIGGER money_due_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION money_due_of_rows('{column}');
    CREATE TRIGGER money_due_deleted AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION money_due_of_rows('{column}');
    CREATE TRIGGER money_due_changed AFTER UPDATE ON {table}
        FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION {function}();
    """


def _not_watching(table: str) -> str:
    return "".join(f"DROP TRIGGER money_due_{what} ON {table};" for what in ("added", "deleted", "changed"))


class Migration(migrations.Migration):
    dependencies = [
        ("money", "0001_what_counts_once"),
        ("overlap", "0017_index_of_pairs_without_parts"),
        ("programs", "0019_index_of_what_is_summed"),
    ]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + "".join(_watching(*row) for row in WATCHED),
            "".join(_not_watching(row[0]) for row in WATCHED) + NO_FUNCTIONS,
        ),
        # All that is there, to be calculated by the first sweep.
        migrations.RunSQL(
            "INSERT INTO money_due (program_id) SELECT id FROM programs_program", "DELETE FROM money_due"
        ),
    ]
