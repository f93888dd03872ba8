"""Read-only resources, one file a noun; what all of them do is in `base`."""
