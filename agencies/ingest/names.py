"""Printed names to alias rows, a batch at a time."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from agencies.identifiers import record_id
from agencies.ingest.parsed import ImportProblem, PrintedName
from agencies.ingest.storable import check_values
from agencies.models import Alias, Network


class KnownName(NamedTuple):
    """An alias as statements need it: primary key, and UUID as text."""

    pk: int
    uuid: str


Context = dict[tuple[str, str], KnownName]
"""The names of one network, by printed text and state: a `PrintedName` is such a pair."""


class Names:
    """Aliases seen in one recording; each is looked up or made once. Memory grows with distinct names only."""

    def __init__(self, counts: Counter[str]) -> None:
        self._contexts: dict[str, Context] = {}
        self._counts = counts
        self.new: dict[int, PrintedName] = {}

    def context(self, network: Network | None) -> Context:
        """Return the names seen in documents about a network; None: about no network."""
        return self._contexts.setdefault(network.slug if network else "", {})

    def load(self, names: Iterable[PrintedName], network: Network | None) -> None:
        """Make sure that every name of a batch has its alias: two queries, however many, none when all are known.

        `network` is None for names in documents that are about no network. Raises ImportProblem for a name that
        the record can't hold.
        """
        context, slug = self.context(network), network.slug if network else ""
        wanted = sorted(set(names) - context.keys())
        if not wanted:
            return
        for name in wanted:
            check_name(name)
        rows = [Alias(printed_name=text, network=network, state=state) for text, state in wanted]
        for row in rows:
            row.uuid = record_id("alias", row.printed_name, slug, row.state)
        found = dict(Alias.objects.filter(uuid__in=[row.uuid for row in rows]).order_by().values_list("uuid", "pk"))
        made = Alias.objects.bulk_create([row for row in rows if row.uuid not in found], batch_size=5000)
        self.new |= {alias.pk: PrintedName(alias.printed_name, alias.state) for alias in made}
        self._counts["names new"] += len(made)
        for row in rows:
            context[row.printed_name, row.state] = KnownName(row.pk or found[row.uuid], str(row.uuid))

    def alias(self, name: PrintedName, network: Network | None) -> KnownName:
        """Return the alias of one name, made when missing."""
        self.load([name], network)
        return self.context(network)[name]

    def known(self, name: PrintedName, network: str) -> int:
        """Return the alias (id) of a name that must be there already; raises ImportProblem where it is not."""
        ident = record_id("alias", name.text, network, name.state)
        alias = Alias.objects.filter(uuid=ident).values_list("pk", flat=True).first()
        if alias is None:
            raise ImportProblem(f"no document prints the name {name.text!r} (state {name.state!r})", field="grantor")
        return alias


def check_name(name: PrintedName) -> None:
    """Raise ImportProblem for a name that the record can't hold."""
    check_values(Alias, {"printed_name": name.text, "state": name.state})
