"""Prediction files: every form in which people have them, read as a layer, and layers written in the simple ones."""
