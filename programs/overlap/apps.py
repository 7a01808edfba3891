from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverlapConfig(AppConfig):
    name = "programs.overlap"
    label = "overlap"
    verbose_name = _("Overlaps")

    def ready(self) -> None:
        """Profiles hold sums in US dollars: the next full scan compares the renewed ones. Programs are found by what
        the engine knows of work."""
        from core.searching import meanings
        from programs.overlap.findable import meant_by
        from programs.overlap.profiles import refresh_renewed
        from programs.services.dollars import dollars_renewed

        dollars_renewed.connect(refresh_renewed, dispatch_uid="overlap.refresh_renewed")
        if meant_by not in meanings:
            meanings.append(meant_by)
