"""The step that the puppet's snapshots have, and the one that its training gets to at once."""

SNAPSHOT_STEP, TRAINED = 30, 50
