"""Measured error of each stage against labelled data: one module a stage, each with ``evaluate``."""
