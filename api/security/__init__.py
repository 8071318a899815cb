"""Who may ask what: callers, what their roles allow, how they are known. Whatever nobody declared is refused."""
