"""The archive's commands."""
