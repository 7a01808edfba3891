"""Comments in the administration: to look at, not to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from programs.discussion.models import Comment


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """What a person withdrew is not shown here either."""

    list_display = ["created_at", "author", "program", "overlap", "topic", "withdrawn_at"]
    list_select_related = ["author", "program", "overlap__left", "overlap__right", "topic"]
    search_fields = ["author__email", "author__full_name"]
    fields = ["author", "program", "overlap", "topic", "created_at", "withdrawn_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is None or obj.is_withdrawn else [*(self.fields or ()), "text"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
