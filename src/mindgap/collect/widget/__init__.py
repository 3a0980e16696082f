"""The widget: which of an organization's web sites may show which surveys when, and what became of the offers."""
