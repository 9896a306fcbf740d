"""Files of before: an office's own list and its scans become records."""
