"""PostgreSQL extensions that indexes and search stand on."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Create pg_trgm and unaccent: both are trusted extensions, so the database's owner may."""

    dependencies: list[tuple[str, str]] = []

    operations = [TrigramExtension(), UnaccentExtension()]
