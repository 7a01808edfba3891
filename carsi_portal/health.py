"""Whether this process lives, and whether it can serve."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all; asks nothing of anybody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers with all migrations applied, and Redis answers; else 503 that names what fails."""
    failing = []
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            failing.append("migrations")
    except DatabaseError:
        failing.append("database")
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        failing.append("redis")
    return JsonResponse({"status": "failing" if failing else "ok", "failing": failing}, status=503 if failing else 200)


class ProbeMiddleware:
    """Answers the health addresses before anything else looks at the request.

    A load balancer or a container asks by a number, over plain HTTP: neither its host (ALLOWED_HOSTS) nor the missing
    certificate says anything about this process. Nothing of the site is shown there.
    """

    VIEWS = {"/healthz": alive, "/readyz": ready}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.VIEWS.get(request.path_info)
        answer: HttpResponse = view(request) if view else self.get_response(request)
        return answer
