"""The counter's services: what they do, what they refuse, what they leave behind."""
