"""Annotation sessions: documents handed to annotators in Label Studio, and what has become of them."""
