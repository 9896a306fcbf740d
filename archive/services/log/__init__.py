"""The log below `audit`: its signed heads, time stamps, checks, and what leaves of it."""
