"""How a PIN gets from the citizen to the card."""
