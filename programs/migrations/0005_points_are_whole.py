from django.db import migrations, models

NAME = "location_point_is_whole_and_on_the_globe"


class Migration(migrations.Migration):
    """Half a point was let pass: of a range over nothing the answer is unknown, and a CHECK refuses what is false."""

    dependencies = [("programs", "0004_orders_and_whom_programs_are_shown_to")]

    operations = [
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
