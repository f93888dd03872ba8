"""Names as printed, with the agencies that they are matched to."""

from collections.abc import Iterable

from django.db.models import TextField
from django.db.models.functions import Cast, Coalesce

from agencies.history.drafts import Name
from agencies.models import Alias

AT_A_TIME = 10_000
"""Aliases asked for in one query."""

KEPT = 20_000
"""Names from which on those read earlier are forgotten: most sources print the same names."""


class Names(dict[int, Name]):
    """Names by key of their alias, for as long as the record's lock is held: no decision is made meanwhile."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        super().__init__()
        self._prints: dict[str, list[int]] = {}
        self._keep(names)

    def load(self, aliases: Iterable[int]) -> None:
        """See to it that these names are here; one query for each 10,000 that are not yet, none where all are."""
        wanted = set(aliases)
        if len(self.keys() | wanted) > KEPT:
            self.clear()
            self._prints.clear()
        missing = sorted(wanted - self.keys())
        for start in range(0, len(missing), AT_A_TIME):
            self._keep(_read(missing[start : start + AT_A_TIME]))

    def namesakes(self, aliases: Iterable[int]) -> set[int]:
        """Return these aliases and all others here that are printed the same: in another state or network."""
        return {other for pk in aliases for other in self._prints[self[pk].printed]}

    def _keep(self, names: Iterable[Name]) -> None:
        for name in names:
            self[name.pk] = name
            self._prints.setdefault(name.printed, []).append(name.pk)


def _read(aliases: list[int]) -> Iterable[Name]:
    """Yield the names of these aliases (ids)."""
    agency = Coalesce("decision__agency__merged_into", "decision__agency")
    found = Alias.objects.filter(pk__in=aliases).order_by()
    found = found.annotate(meant=agency, ident=Cast("uuid", TextField()))
    columns = ("pk", "ident", "printed_name", "state", "decision__outcome", "meant")
    for pk, ident, printed, state, outcome, meant in found.values_list(*columns):
        yield Name(pk, ident, printed, meant if outcome == "matched" else None, state)
