"""What happens on the wire when it goes wrong, cut out of recordings."""
