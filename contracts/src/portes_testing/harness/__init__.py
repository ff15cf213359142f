"""What a carrier is tried in: its tools tapped, its output collected, the network closed; it knows no check."""
