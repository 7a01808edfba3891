from django.db import migrations, models

NAME = "location_point_is_whole_and_on_the_globe"

# Half a point shows nothing on a map, so it is cleared; the history keeps it. Where the place would then say nothing, or
# the same as another place of the program, what was known of the point becomes part of its name.
CLEAR_HALF_POINTS = """
    WITH half AS (
        SELECT id, program_id, area_id, name,
               concat(coalesce(latitude::text, '?'), ', ', coalesce(longitude::text, '?')) AS point,
               row_number() OVER (PARTITION BY program_id, area_id, name ORDER BY id) AS number
          FROM programs_programlocation
         WHERE (latitude IS NULL) <> (longitude IS NULL)
    )
    UPDATE programs_programlocation AS place
       SET latitude = NULL, longitude = NULL,
           name = CASE WHEN number > 1 OR half.name = '' AND half.area_id IS NULL OR EXISTS (
                            SELECT FROM programs_programlocation AS other
                             WHERE other.program_id = half.program_id AND other.id <> half.id
                               AND other.area_id IS NOT DISTINCT FROM half.area_id AND other.name = half.name
                               AND other.latitude IS NULL)
                       THEN concat_ws(' ', nullif(left(half.name, 200), ''), concat('(', point, ')'),
                                      CASE WHEN number > 1 THEN number END)
                       ELSE half.name END
      FROM half
     WHERE half.id = place.id
"""


class Migration(migrations.Migration):
    """Half a point was let pass: of a range over nothing the answer is unknown, and a CHECK refuses what is false."""

    dependencies = [("programs", "0004_orders_and_whom_programs_are_shown_to")]

    operations = [
        migrations.RunSQL(CLEAR_HALF_POINTS, migrations.RunSQL.noop),
        # The shares of the programs are looked at now, not at commit: a table with triggers to come cannot be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("programlocation", NAME),
        migrations.AddConstraint(
            "programlocation",
            models.CheckConstraint(
                name=NAME,
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, latitude__gte=-90, latitude__lte=90)
                & models.Q(longitude__isnull=False, longitude__gte=-180, longitude__lte=180),
            ),
        ),
    ]
