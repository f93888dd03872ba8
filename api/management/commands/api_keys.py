"""Make, list and revoke API keys."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import ApiKey
from api.keys import make_key
from api.throttling import parse_rate


class Command(BaseCommand):
    """Keys for higher limits."""

    help = "Make, list and revoke API keys. A key is shown once; write down nothing of whom it is for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        actions = parser.add_subparsers(dest="action", required=True)
        make = actions.add_parser("make", help="make a key and show it")
        make.add_argument("--label", default="", help="what its holder calls it")
        make.add_argument("--rate", default="", help="requests it may make, as 6000/min")
        actions.add_parser("list", help="list the keys")
        revoke = actions.add_parser("revoke", help="stop a key from working, within a minute")
        revoke.add_argument("prefix", help="its first twelve characters, as listed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        {"make": self._make, "list": self._list, "revoke": self._revoke}[options["action"]](options)

    def _make(self, options: dict[str, Any]) -> None:
        if options["rate"]:
            try:
                parse_rate(options["rate"])
            except (ValueError, KeyError) as error:
                raise CommandError(f"{options['rate']!r} is no rate such as 6000/min") from error
        _, key = make_key(options["label"], options["rate"])
        self.stdout.write(key)

    def _list(self, options: dict[str, Any]) -> None:
        for key in ApiKey.objects.all():
            self.stdout.write(
                f"{key.prefix} {key.rate} {'revoked' if key.revoked_at else 'works'} {key.label}".rstrip()
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        found = ApiKey.objects.filter(prefix=options["prefix"], revoked_at__isnull=True)
        if not found.update(revoked_at=timezone.now()):
            raise CommandError("No working key begins so.")
        self.stdout.write("Revoked.")
