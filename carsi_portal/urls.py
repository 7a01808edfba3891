"""Addresses: pages, the API, sign-in, the administration, health."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from carsi_portal import health
from donors.views.language import set_language

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("programs.region.urls")),
    path("programs/", include("programs.urls")),
    path("", include("programs.overlap.urls")),
    path("imports/", include("programs.exchange.urls")),
    path("", include("programs.discussion.urls")),
    path("account/webhooks/", include("programs.webhooks.urls")),
    path("", include("programs.agreements.urls")),
    path("priorities/", include("programs.priorities.urls")),
    path("", include("programs.reports.urls")),
    path("", include("goals.urls")),
    path("account/", include("donors.urls")),
    path("accounts/", include("donors.sign_in_urls")),
    path("api/", include("carsi_portal.api_urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include(([path("setlang/", set_language, name="set_language")], "i18n"))),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

handler400 = "carsi_portal.errors.bad_request"
handler403 = "carsi_portal.errors.permission_denied"
handler404 = "carsi_portal.errors.not_found"
handler500 = "carsi_portal.errors.server_error"
