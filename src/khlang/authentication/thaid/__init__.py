"""The leg to ThaiD (DOPA-Digital ID): send somebody there, take her back, and say how ThaiD does.

Views call `client.begin`, `client.finish` and `condition.current_state`. No token and no citizen number leaves here.
"""
