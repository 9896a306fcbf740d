"""The way of records to their destruction: proposed, reviewed, held, destroyed, told in papers."""
