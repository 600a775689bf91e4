"""The staff console, and the pages citizens open from a chat."""
