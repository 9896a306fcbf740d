"""What changes the archive: every change is checked, written and audited here."""
