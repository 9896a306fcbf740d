"""What each step of a case's page shows: a module per step."""
