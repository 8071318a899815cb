"""Who may do something, asked of everyone at once: those alike are decided once."""
