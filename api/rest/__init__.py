"""REST for what suits it: the questions as resources that are got, and their description in OpenAPI."""
