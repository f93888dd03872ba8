"""What each list can be narrowed by: one FilterSet a resource."""
