"""``tracker report``: one HTML file that answers in words, with charts and tables, and needs nothing else."""
