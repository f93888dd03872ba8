"""Indexes of the days on which links ended or became inactive: few have one, and early days fewer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0009_indexes_of_few"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="sharinglink",
            index=models.Index(
                condition=models.Q(("ended_as_of__isnull", False)), fields=["ended_as_of"], name="link_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="sharinglink",
            index=models.Index(
                condition=models.Q(("inactive_as_of__isnull", False)), fields=["inactive_as_of"], name="link_inactive"
            ),
        ),
    ]
