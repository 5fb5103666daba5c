"""The one spine, step by step: poll, choose, read, match, cluster, score, publish.

Every step catches up with what the store lacks, in batches of one transaction each: it can be killed at
any moment and run again, it adds nothing twice, and it needs no network but for polling and fetching.
"""
