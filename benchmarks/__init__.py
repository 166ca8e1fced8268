"""Measurements, run by `make bench`; each compares with something in the same run. No test times anything."""
