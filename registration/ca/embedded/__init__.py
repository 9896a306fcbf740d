"""The embedded certification body: for development and demonstrations, and it says so itself."""
