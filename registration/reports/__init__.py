"""What a manager asks of the counter: each report is a module that returns rows."""
