"""Who may open what: every address × method × role × office, measured and written down."""
