"""Pure Python every area may use: money, the fiscal calendar, refusals, Thai text and dates, statements."""
