"""Inference on CPUs, by OpenVINO."""
