"""The app: what Django must know of it at the start."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """The record."""

    name = "agencies"

    def ready(self) -> None:
        """Register the system check of the map's tiles."""
        from agencies import map_tiles  # noqa: F401
