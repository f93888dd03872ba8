"""Template filters and tags of the record's pages."""
