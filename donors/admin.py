"""People and organizations in the administration."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from core.names import normalize_name
from donors.listed import listed
from donors.models import Invitation, Membership, Organization, OrganizationAlias, OrganizationRequest, User
from donors.services import add_alias, end_sessions, note_names, take_name

# The address is the user's, sessions are their person's, and secrets are nobody's to read.
admin.site.unregister([Authenticator, EmailAddress, UserSession])


class AliasInline(admin.TabularInline):
    """Other names; the name in lists is the organization's own field."""

    model = OrganizationAlias
    extra = 0
    fields = ["text", "kind", "country"]
    autocomplete_fields = ["country"]

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).filter(is_own=False)


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["organization"]


class OrganizationForm(forms.ModelForm):
    """Refuses what the register would: a name of another organization's, a body that is on no list."""

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not normalize_name(name):
            raise forms.ValidationError(_("An organization needs a name."))
        own = OrganizationAlias.objects.filter(is_own=True, normalized=normalize_name(name))
        if own.exclude(organization=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already an organization named “%(name)s”."), params={"name": name})
        return name

    def clean_listed_as(self) -> str:
        key = self.cleaned_data["listed_as"]
        if key and key not in listed().by_key:
            raise forms.ValidationError(_("“%(key)s” is not in the list of known bodies."), params={"key": key})
        return key


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    form = OrganizationForm
    list_display = ["name", "short_name", "kind", "ref", "country"]
    list_filter = ["kind"]
    readonly_fields = ["is_listed_by_hand"]
    list_select_related = ["country"]
    search_fields = ["name", "short_name", "ref", "aliases__text"]
    autocomplete_fields = ["country"]
    inlines = [AliasInline]

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        """The name before stays as a former name; a body chosen by hand stays when the list is loaded again."""
        obj.is_listed_by_hand = obj.is_listed_by_hand or "listed_as" in form.changed_data
        super().save_model(request, obj, form, change)
        note_names(obj)

    def save_formset(self, request, form, formset, change):  # type: ignore[no-untyped-def]
        formset.save(commit=False)
        written = [*formset.deleted_objects, *(alias for alias, _fields in formset.changed_objects)]
        for alias in OrganizationAlias.objects.filter(pk__in=[alias.pk for alias in written]):
            take_name(alias, actor=request.user)
        for alias in [*formset.new_objects, *(alias for alias, _fields in formset.changed_objects)]:
            add_alias(alias.organization, alias.text, alias.kind, country=alias.country, may_share=True)


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
