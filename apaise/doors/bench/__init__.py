"""What `apaise bench` measures, on which data, beside which budgets."""
