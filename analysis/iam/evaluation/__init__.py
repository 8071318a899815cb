"""What AWS answers to one request, given every policy that applies to it."""
