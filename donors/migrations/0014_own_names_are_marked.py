"""Which of an organization's names is the one that lists call it by."""

from typing import Any

from django.db import migrations

from core.names import normalize_name


def mark(apps: Any, schema_editor: Any) -> None:
    """One name each at most: two organizations cannot have had the same one until now."""
    alias = schema_editor.connection.alias
    aliases = apps.get_model("donors", "OrganizationAlias")._default_manager.using(alias)
    organizations = apps.get_model("donors", "Organization")._default_manager.using(alias)
    for pk, name in organizations.values_list("pk", "name"):
        aliases.filter(organization=pk, kind="name", normalized=normalize_name(name)).update(is_own=True)


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0013_names_in_countries"),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
