"""People and organizations in the administration."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from core.names import normalize_name
from donors.models import Invitation, Membership, Organization, OrganizationAlias, OrganizationRequest, User
from donors.services import end_sessions

# The address is the user's, sessions are their person's, and secrets are nobody's to read.
admin.site.unregister([Authenticator, EmailAddress, UserSession])


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
        (_("Person"), {"fields": ["full_name", "language", "digest"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions(obj)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To look at; invitations are made, sent again and withdrawn on the People pages."""

    list_display = ["email", "organization", "role", "state_in_words", "created_at", "expires_at"]
    list_filter = ["role"]
    list_select_related = ["organization"]
    search_fields = ["email", "organization__name"]

    def has_add_permission(self, request):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """Second factors of people who lost theirs: to be removed, never read or made."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__full_name"]
    exclude = ["data"]

    def has_add_permission(self, request):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


@admin.register(OrganizationRequest)
class OrganizationRequestAdmin(admin.ModelAdmin):
    """To look at; they are answered on their own page, where no organization is made twice."""

    list_display = ["name", "asked_by", "asked_for", "asked_at", "answer", "organization"]
    list_filter = ["answer"]
    list_select_related = ["asked_by", "asked_for", "organization"]
    search_fields = ["name", "normalized"]

    def has_add_permission(self, request):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False
