"""RIFT: a benchmark for extracting actors, locations, dates and tolls from conflict news."""

__version__ = "0.1.0"
