"""Programs in the API: what is shown (serializers), what is taken in (writing), and the calls (views)."""

from programs.api.views import ProgramViewSet

__all__ = ["ProgramViewSet"]
