"""Printed names to alias rows, a batch at a time."""

from collections import Counter
from collections.abc import Iterable

from agencies.identifiers import record_id
from agencies.ingest.parsed import ImportProblem, PrintedName
from agencies.models import Alias, Network


class Names:
    """Aliases seen in one recording; each is looked up or made once. Memory grows with distinct names only."""

    def __init__(self, counts: Counter[str]) -> None:
        self._aliases: dict[tuple[str, str, str], Alias] = {}
        self._counts = counts
        self.new: list[int] = []

    def load(self, names: Iterable[PrintedName], network: Network) -> None:
        """Make sure that every name of a list has its alias: two queries, however long the list."""
        wanted = {name for name in names if (name.text, network.slug, name.state) not in self._aliases}
        if not wanted:
            return
        idents = {record_id("alias", n.text, network.slug, n.state): n for n in sorted(wanted, key=str)}
        found = Alias.objects.in_bulk(list(idents), field_name="uuid")
        missing = [
            Alias(uuid=ident, printed_name=name.text, network=network, state=name.state)
            for ident, name in idents.items()
            if ident not in found
        ]
        made = Alias.objects.bulk_create(missing)
        self.new += [alias.pk for alias in made]
        self._counts["names new"] += len(made)
        for alias in (*found.values(), *made):
            self._aliases[alias.printed_name, network.slug, alias.state] = alias

    def alias(self, name: PrintedName, network: Network) -> Alias:
        """Return the alias of one name, made when missing."""
        key = (name.text, network.slug, name.state)
        if key not in self._aliases:
            self.load([name], network)
        return self._aliases[key]

    def known(self, name: PrintedName, network: str) -> Alias:
        """Return an alias that must be there already; raises ImportProblem where it is not."""
        alias = Alias.objects.filter(uuid=record_id("alias", name.text, network, name.state)).first()
        if alias is None:
            raise ImportProblem(f"no document prints the name {name.text!r} (state {name.state!r})", field="grantor")
        return alias
