"""What is odd about a rate table, though it may be sound: found, sized, and mended where one answer is right."""
