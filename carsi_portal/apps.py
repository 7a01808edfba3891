from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "carsi_portal"
    verbose_name = "CARSI Portal"

    def ready(self) -> None:
        from carsi_portal import checks  # noqa: F401  (registers them)
        from carsi_portal.migrating import options_leave_models_as_they_are

        options_leave_models_as_they_are()
