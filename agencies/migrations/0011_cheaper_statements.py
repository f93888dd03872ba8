"""Statements' indexes at less than half the cost of writing them: ids beside their captures, runs by block ranges."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0010_indexes_of_ends"),
    ]

    operations = [
        migrations.AlterField(
            model_name="statement",
            name="capture",
            field=models.ForeignKey(
                db_index=False,
                help_text="The copy that says it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statements",
                to="agencies.capture",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                help_text="Import that recorded it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statements",
                to="agencies.importrun",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="uuid",
            field=models.UUIDField(editable=False, help_text="Stable id, from capture and content."),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["run"], name="statement_run_brin"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=django.contrib.postgres.indexes.HashIndex(fields=["uuid"], name="statement_uuid_hash"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("capture", "uuid"), name="statement_once"),
        ),
    ]
