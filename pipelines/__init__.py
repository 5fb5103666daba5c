"""Compositions of stages, each short: the spine, the nightly job, the demo, the command line."""
