"""Every transaction that changes the public record leaves a row, so that caches can tell."""

import django.db.models.functions.datetime
from django.db import migrations, models

TABLES = (
    *("agencies_agency", "agencies_agencyplace", "agencies_agencymerge", "agencies_alias", "agencies_answer"),
    *("agencies_answertarget", "agencies_capture", "agencies_change", "agencies_fact", "agencies_finding"),
    *("agencies_finding_lists", "agencies_finding_statements", "agencies_findingdismissal", "agencies_law"),
    *("agencies_listconfirmation", "agencies_matchdecision", "agencies_network", "agencies_place"),
    *(
        "agencies_placeboundary",
        "agencies_release",
        "agencies_sharinglink",
        "agencies_sharinglist",
        "agencies_sharingstatement",
    ),
    *("agencies_source", "agencies_statement", "agencies_stream", "agencies_withdrawal", "agencies_withdrawallift"),
)

# The setting lasts as long as the transaction, and goes with a savepoint that is rolled back, as the row does.
NOTE = """
CREATE FUNCTION agencies_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('atlas.change_noted', true) IS DISTINCT FROM 'yes' THEN
        INSERT INTO agencies_recordchange DEFAULT VALUES;
        PERFORM set_config('atlas.change_noted', 'yes', true);
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER note_rows AFTER INSERT OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION agencies_note_change();
CREATE TRIGGER note_update AFTER UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION agencies_note_change()
"""
NO_TRIGGERS = "DROP TRIGGER note_rows ON {table}; DROP TRIGGER note_update ON {table}"

# Tables that get rows by the hundred thousand: one look at each COPY, also where it puts the checks of keys aside.
MANY_ROWS = (
    *("agencies_statement", "agencies_sharingstatement", "agencies_fact", "agencies_sharinglink", "agencies_change"),
)
ONCE = """
DROP TRIGGER note_rows ON {table};
CREATE TRIGGER note_rows AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION agencies_note_change();
CREATE TRIGGER note_insert AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION agencies_note_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER note_insert
"""
NOT_ONCE = "DROP TRIGGER note_insert ON {table}"


class Migration(migrations.Migration):
    """Make the table and the triggers that fill it."""

    dependencies = [("agencies", "0007_modified_at")]

    operations = [
        migrations.CreateModel(
            name="RecordChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        help_text="When the transaction began.",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(NOTE, "DROP FUNCTION agencies_note_change()"),
        *(migrations.RunSQL(TRIGGERS.format(table=table), NO_TRIGGERS.format(table=table)) for table in TABLES),
        *(migrations.RunSQL(ONCE.format(table=table), NOT_ONCE.format(table=table)) for table in MANY_ROWS),
    ]
