"""One name may be several organizations' from now on; the identifier, and the name in lists, stay one's."""

from typing import Any

from django.db import migrations, models


def leave_each_name_to_one(apps: Any, schema_editor: Any) -> None:
    """Backwards: kinds that were not known become names, and of several rows of one name the oldest stays."""
    alias = schema_editor.connection.alias
    aliases = apps.get_model("donors", "OrganizationAlias")._default_manager.using(alias)
    seen: set[tuple[str, str]] = set()
    for row in aliases.order_by("-is_own", "pk").iterator():
        kind = row.kind if row.kind in ("name", "acronym", "ref") else "name"
        if (row.normalized, kind) in seen:
            row.delete()
            continue
        seen.add((row.normalized, kind))
        if kind != row.kind:
            aliases.filter(pk=row.pk).update(kind=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0014_own_names_are_marked"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="organizationalias", name="alias_names_one_organization"),
        migrations.RemoveConstraint(model_name="organizationalias", name="alias_kind_is_known"),
        migrations.AlterField(
            model_name="organizationalias",
            name="kind",
            field=models.CharField(
                choices=[
                    ("name", "name"),
                    ("acronym", "acronym"),
                    ("former", "former name"),
                    ("translation", "translation"),
                    ("ref", "identifier"),
                ],
                default="name",
                max_length=11,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, leave_each_name_to_one, elidable=True),
        migrations.AddIndex(
            model_name="organizationalias",
            index=models.Index(fields=["normalized"], name="alias_normalized"),
        ),
        migrations.AddConstraint(
            model_name="organizationalias",
            constraint=models.UniqueConstraint(
                fields=("organization", "normalized", "kind"), name="alias_once_an_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="organizationalias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_own", True)), fields=("normalized",), name="alias_own_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="organizationalias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "ref")), fields=("normalized",), name="alias_identifier_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="organizationalias",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["name", "acronym", "former", "translation", "ref"])),
                name="alias_kind_is_known",
            ),
        ),
    ]
