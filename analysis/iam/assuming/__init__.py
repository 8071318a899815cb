"""Who can assume which role, of everyone and every role at once."""
