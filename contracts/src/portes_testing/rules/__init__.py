"""The suite of rules: carts and offers go in, and what comes out is held to what every rule promises."""
