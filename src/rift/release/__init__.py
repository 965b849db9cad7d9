"""The data as others load it: rows, the release folder and its cards."""
