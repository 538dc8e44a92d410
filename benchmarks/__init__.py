"""Measurements run by hand; every figure stands beside a baseline of the same run."""
