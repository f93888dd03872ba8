"""Statements by day are read either way from one index: both of its columns run the same way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0012_cheaper_links"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="statement",
            options={"ordering": ["-observed_on", "-id"]},
        ),
        migrations.RemoveIndex(
            model_name="statement",
            name="statement_date_id",
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["observed_on", "id"], name="statement_date_id"),
        ),
    ]
