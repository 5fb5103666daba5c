"""Statistics and typed queries over a snapshot, read-only: what dashboard, CLI and notebooks share."""
