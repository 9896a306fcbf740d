"""Making a key and a request on a card, writing a certificate into it and proving it."""
