"""Who can do anything in an account: effective administrators, and what makes them."""
