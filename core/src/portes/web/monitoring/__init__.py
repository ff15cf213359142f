"""What the service counts and tells of itself: metrics, the error budget, how its workers are; it serves no page."""
