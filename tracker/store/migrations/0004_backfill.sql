-- Which WARC files were taken in, so that the same command again reads none twice.
CREATE TABLE internal.loaded_shards (
    job VARCHAR NOT NULL, -- filters, topics, outlets and versions: another job reads the same file differently
    shard VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (job, shard)
);
