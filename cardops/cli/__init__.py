"""The command line for engineers: a module per verb."""
