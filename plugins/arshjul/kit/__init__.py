"""The sender's kit: the checker as one file to hand out, Excel templates and pages, all made from the contracts."""
