"""Text to located tree and back: parsing, splicing and proving edits in every supported format."""
