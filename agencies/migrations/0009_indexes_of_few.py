"""Indexes of rows that are few among many, so that a page of them is read without the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0008_record_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sharinglink",
            index=models.Index(
                condition=models.Q(("disputed_on__isnull", False)), fields=["uuid"], name="link_disputed"
            ),
        ),
        migrations.AddIndex(
            model_name="sharinglink",
            index=models.Index(
                condition=models.Q(("access", "configured_access"), _negated=True),
                fields=["uuid"],
                name="link_other_access",
            ),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(condition=models.Q(("kind", "fact")), fields=["id"], name="statement_facts"),
        ),
    ]
