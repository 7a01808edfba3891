from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "programs.agreements"
    label = "agreements"
    verbose_name = _("Agreements and meetings")

    def ready(self) -> None:
        from programs.agreements.tasks import watch
        from programs.agreements.topic import AGREEMENTS
        from programs.discussion.topics import register_topic
        from programs.overlap.after_scan import follow_scans

        # A change to a program may keep a commitment, or break one.
        follow_scans(watch.delay)
        register_topic(AGREEMENTS)
