/*
question = "Which policies could not be understood?"
group = "permissions"
variations = [
  "(which|what|list|show|show me|find) [the|all] (malformed|broken|invalid|unreadable) policies",
  "(which|what) policies (are malformed|are broken|are invalid|could not be understood|couldn't be understood|could not be parsed)",
  "malformed policies",
  "policies [that] (could not|cannot|couldn't|can't) be (parsed|understood)",
  "policies [with|that have] [a] (syntax error|syntax errors|errors)",
  "policies [we|that|you] (did not|could not) (parse|understand)",
]
collectors = ["iam", "organizations", "identity-center"]
severity = "low"
documentation = """
What such a policy allows or denies is not known, and every decision that it takes part in says so.
"""
advice = "Mend the policy; until then what depends on it is unknown."

[columns]
policy = "The policy, or the role whose trust policy it is."
account = "Its account."
reason = "Why it could not be understood."
*/
MATCH (p:Policy)
WHERE p.malformed IS NOT NULL
RETURN p.id AS policy, p.account_id AS account, p.malformed AS reason
UNION
MATCH (r:Role)
WHERE r.trust_malformed IS NOT NULL
RETURN r.id AS policy, r.account_id AS account, r.trust_malformed AS reason
