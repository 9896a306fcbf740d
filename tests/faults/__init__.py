"""Faults at every command to the card and at every step of the journals: `make test-faults`.

A clean issuing is traced first. Its distinct steps are the points; at each of them each fault is
done to a counter of its own, the officer goes on, and the rules of what cannot be undone are held
against the card, the journals and the certification body's ledger.
"""
