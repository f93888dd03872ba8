"""Facts of an agency as tables show them."""

from agencies.models import Agency, FactField, Statement


def newest_facts(agency: Agency) -> list[Statement]:
    """Return the newest statement of each fact, in the vocabulary's order, then by network; one query."""
    return sorted(Statement.objects.facts_of(agency), key=_place_in_table)


def _place_in_table(statement: Statement) -> tuple[int, str]:
    """Return what orders the rows of a table of facts."""
    return FactField.values.index(statement.fact.field), str(statement.fact.network or "")
