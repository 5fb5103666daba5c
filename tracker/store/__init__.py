"""DuckDB: migrations, the only writer, views, and publishing the snapshot."""
