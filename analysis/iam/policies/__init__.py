"""What policies say: statements, principals and actions, read as AWS reads them."""
