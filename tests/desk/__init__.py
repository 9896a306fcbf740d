"""The desk: its messages, its journal, its citizen screen."""
