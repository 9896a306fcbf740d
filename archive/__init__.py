"""What was decided: records, their search, their keeping, and the audit of everybody's deeds."""
