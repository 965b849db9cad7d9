"""Layers: whatever marks up text, be it an annotator, the gold, a baseline or a submission."""
