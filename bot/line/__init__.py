"""LINE's wire format and its SDK: known here and nowhere else."""
