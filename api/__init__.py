"""The API: GraphQL over the register, and REST for what suits it. It reads, and nothing else."""
