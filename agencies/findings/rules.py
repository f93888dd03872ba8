"""All rules, in the order in which pages show them."""

from agencies.findings import (
    inactive_portal,
    inbound_gap,
    list_fall,
    prohibited_use,
    retention,
    sanctuary,
    state_limit,
)

RULES = (
    prohibited_use.RULE,
    sanctuary.RULE,
    state_limit.RULE,
    retention.RULE,
    inbound_gap.RULE,
    inactive_portal.RULE,
    list_fall.RULE,
)
