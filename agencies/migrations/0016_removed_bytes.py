"""Bytes that were removed from the store, and which run kept which bytes of files on the server."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Readers see its reason: answers that caches hold must learn of it, see 0008.
TRIGGERS = """
CREATE TRIGGER note_rows AFTER INSERT OR DELETE ON agencies_removedbytes
    FOR EACH ROW EXECUTE FUNCTION agencies_note_change();
CREATE TRIGGER note_update AFTER UPDATE ON agencies_removedbytes FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION agencies_note_change()
"""

# What was kept while a run over files on the server was under way is what it kept: no row says so until now.
KEPT_SO_FAR = """
INSERT INTO agencies_importrun_kept_files (importrun_id, keptfile_id)
SELECT run.id, kept.id FROM agencies_importrun run JOIN agencies_keptfile kept
    ON kept.created_at BETWEEN run.created_at AND COALESCE(run.finished_at, now())
WHERE EXISTS (SELECT FROM jsonb_array_elements_text(run.paths) AS path WHERE path NOT LIKE 'kept:%')
"""


class Migration(migrations.Migration):
    """Make the table of removals, and note what runs kept."""

    dependencies = [
        ("agencies", "0015_stamped_when_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="kept_files",
            field=models.ManyToManyField(
                blank=True,
                help_text="What it kept of files on the server. Uploads stand in its paths.",
                related_name="kept_by",
                to="agencies.keptfile",
            ),
        ),
        migrations.AlterField(
            model_name="capture",
            name="bytes_kept",
            field=models.CharField(
                choices=[
                    ("original", "as received"),
                    ("reduced", "reduced: images and search audits cut out"),
                    ("none", "not kept here"),
                    ("removed", "removed: no longer kept here"),
                ],
                help_text="Whether the bytes are held here.",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="RemovedBytes",
            fields=[
                (
                    "kept_file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="removal",
                        serialize=False,
                        to="agencies.keptfile",
                    ),
                ),
                ("reason", models.CharField(help_text="The reason, in a line; shown to readers.", max_length=300)),
                ("removed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "gone_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the store had deleted them; null: it has not, or failed to.",
                        null=True,
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "removed bytes",
                "ordering": ["-removed_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="removed_bytes_say_why",
                        violation_error_message="Say why, in a line.",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="removedbytes",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_bytes_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="bd148b115df1230c3b8dcb670428ae1f6f88029e",
                    operation="DELETE",
                    pgid="pgtrigger_removed_bytes_stay_4acfa",
                    table="agencies_removedbytes",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="removedbytes",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_bytes_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kept_file_id" IS DISTINCT FROM (NEW."kept_file_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."removed_by_id" IS DISTINCT FROM (NEW."removed_by_id") OR OLD."removed_at" IS DISTINCT FROM (NEW."removed_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b8efaa90d5a0f5c46a37a5733b85b5a95722a20b",
                    operation="UPDATE",
                    pgid="pgtrigger_removed_bytes_fixed_d5f03",
                    table="agencies_removedbytes",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),  # They go with the table.
        migrations.RunSQL(KEPT_SO_FAR, migrations.RunSQL.noop),
    ]
