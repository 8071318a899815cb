"""Who stands behind a principal: people, machines, AWS's services; each with the evidence for it."""
