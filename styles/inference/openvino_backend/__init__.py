"""Run inference on CPUs, by OpenVINO."""
