"""The catalogue: YAML definitions as frozen typed objects.

Contracts (what comes in), code lists, indicators (what is computed), checks (the gate) and recipients (who gets what).
Unknown keys are refused, so that a misspelt key never silently means the default.
"""
