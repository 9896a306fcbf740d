"""The desk: cards, PIN entry and the conversation with the server. No Django in here."""
