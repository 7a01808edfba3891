"""Reference data in the administration."""

from django.contrib import admin

from goals.models import Area, Country, Goal, Priority, Region, Sector


@admin.register(Goal)
class GoalAdmin(admin.ModelAdmin):
    list_display = ["number", "short_en", "short_es"]


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    list_display = ["code", "name_en", "name_es", "in_carsi"]
    list_filter = ["in_carsi"]
    search_fields = ["code", "name_en", "name_es"]


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name_en", "name_es", "is_central_america"]


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "type", "country", "level"]
    list_filter = ["country", "level"]
    list_select_related = ["country"]
    search_fields = ["code", "name"]
    exclude = ["outline"]


@admin.register(Sector)
class SectorAdmin(admin.ModelAdmin):
    list_display = ["code", "name_en", "name_es", "is_withdrawn"]
    search_fields = ["code", "name_en", "name_es"]


@admin.register(Priority)
class PriorityAdmin(admin.ModelAdmin):
    list_display = ["title_en", "goal", "country", "area", "rank", "period_start", "period_end"]
    list_filter = ["goal", "country"]
    list_select_related = ["goal", "country", "area"]
    autocomplete_fields = ["country", "area"]
