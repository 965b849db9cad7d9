"""Evaluation: one layer scored against another."""
