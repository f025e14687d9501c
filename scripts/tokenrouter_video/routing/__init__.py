"""Choose the list, the entry to copy and the smallest edit; show it, apply it, take it back."""
