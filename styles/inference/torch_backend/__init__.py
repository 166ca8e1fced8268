"""Run inference on GPUs, by PyTorch."""
