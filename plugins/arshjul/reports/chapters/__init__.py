"""The chapters of a tertial report: each a function from facts to blocks, empty when there is nothing to tell."""
