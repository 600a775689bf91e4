"""Citizens beyond one conversation: their way to the office's pages, and who they are elsewhere."""
