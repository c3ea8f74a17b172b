"""What the API takes and gives of the budget. Amounts are texts with two decimals, days ISO dates, years of the Buddhist era."""
