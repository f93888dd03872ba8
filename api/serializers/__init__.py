"""What each resource looks like in the API: declared fields over rows, one file a noun."""
