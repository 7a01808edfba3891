from django.contrib import admin

from programs.webhooks.models import Delivery, Endpoint


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):
    list_display = ["name", "owner", "ended", "failing_since"]
    fields = ["owner", "name", "kinds", "ended", "failing_since", "created_at"]
    readonly_fields = ["owner", "name", "kinds", "ended", "failing_since", "created_at"]


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ["kind", "endpoint", "state", "tries", "created_at"]
    fields = ["endpoint", "kind", "state", "tries", "next_try_at", "created_at"]
    readonly_fields = ["endpoint", "kind", "state", "tries", "next_try_at", "created_at"]
