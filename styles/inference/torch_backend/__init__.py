"""Inference on GPUs, by PyTorch."""
