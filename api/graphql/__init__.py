"""The GraphQL schema, derived from the declarations: a new kind or relationship appears by itself."""
