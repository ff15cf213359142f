"""The processes of the service, and the connections they accept."""
