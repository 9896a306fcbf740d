"""The counter's pages: view, form, service, redirect."""
