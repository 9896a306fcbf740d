"""A real server that speaks S3 for the tests: OpenStack Swift of Debian, on loopback."""
