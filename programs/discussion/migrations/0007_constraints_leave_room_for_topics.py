from django.db import migrations


class Migration(migrations.Migration):
    """While comments and notifications move from agreements to topics, neither is held to one of both."""

    dependencies = [("discussion", "0006_topics")]

    operations = [
        migrations.RemoveConstraint(model_name="comment", name="comment_on_one_thing"),
        migrations.RemoveConstraint(model_name="notification", name="notification_of_one_thing"),
        migrations.RemoveConstraint(model_name="notification", name="notification_has_the_event_of_its_kind"),
        migrations.RemoveConstraint(model_name="notification", name="notification_once_an_event"),
    ]
