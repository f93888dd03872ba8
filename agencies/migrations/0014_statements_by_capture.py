"""Statements by day are read capture by capture: an index of few rows instead of one of all statements."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0013_statements_by_day"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="statement",
            options={"ordering": ["-id"]},
        ),
        migrations.RemoveIndex(
            model_name="statement",
            name="statement_date_id",
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["observed_on", "uuid"], name="capture_date_uuid"),
        ),
    ]
