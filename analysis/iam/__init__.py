"""The evaluator of AWS permissions, a pure library: ``simulate`` decides a request, ``derive`` concludes the rest."""
