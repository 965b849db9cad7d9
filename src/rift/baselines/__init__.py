"""Baselines: extractors that come with the benchmark, and the protocol that any other follows."""
