"""Pages by the million: shards are mapped to Parquet by processes, here or on many machines; one load merges them.

A shard is one WARC file. ``map_shard`` reads, filters, extracts, matches and scores its pages and leaves one Parquet
file and one WARC file of the pages that it read, each by a temporary file and a rename: whatever is killed costs a
retry of its shard, never a row. ``load`` brings them through the same steps as the nightly run, in the order in which
a nightly run would have read them.
"""
