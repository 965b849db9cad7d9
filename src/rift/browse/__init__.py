"""The corpus as pages to look at: from documents, layers and records to HTML."""
