"""Web widget: the web sites on which surveys show, when they do, and what became of it."""
