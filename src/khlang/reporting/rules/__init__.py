"""Statements as pure functions of plain values: balances, entries and layout lines in, one Statement out."""
