"""People and organizations in the administration."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from donors.models import Membership, Organization, OrganizationAlias, User
from donors.names import normalize_name


class AliasInline(admin.TabularInline):
    model = OrganizationAlias
    extra = 0
    fields = ["text", "kind"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["organization"]


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ["name", "short_name", "kind", "ref", "country"]
    list_filter = ["kind"]
    list_select_related = ["country"]
    search_fields = ["name", "short_name", "ref", "aliases__text"]
    autocomplete_fields = ["country"]
    inlines = [AliasInline]

    def save_formset(self, request, form, formset, change):  # type: ignore[no-untyped-def]
        for alias in formset.save(commit=False):
            alias.normalized = normalize_name(alias.text)
            alias.save()
        for alias in formset.deleted_objects:
            alias.delete()


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    list_display = ["email", "full_name", "is_active", "is_staff"]
    search_fields = ["email", "full_name"]
    ordering = ["email"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["full_name", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]
