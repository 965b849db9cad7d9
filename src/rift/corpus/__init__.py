"""Documents: where they come from, how they are cleaned, what they hold."""
