"""Links are looked up by their ends in indexes that begin with them: those of one end alone were written for nothing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0011_cheaper_statements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sharinglink",
            name="grantee",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who gets access.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="receipts",
                to="agencies.agency",
            ),
        ),
        migrations.AlterField(
            model_name="sharinglink",
            name="grantor",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose reads are shared.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="agencies.agency",
            ),
        ),
    ]
