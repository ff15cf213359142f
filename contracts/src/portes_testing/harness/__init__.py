"""What a carrier is tried in: its tools tapped, its output captured, the network closed."""
