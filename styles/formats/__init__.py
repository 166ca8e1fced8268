"""Read and write the files of styles."""
