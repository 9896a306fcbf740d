"""How long records are kept: the list of categories, the terms, the archive book."""
