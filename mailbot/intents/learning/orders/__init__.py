"""Tell plain orders from loose phrases, and read the answer to the question which of them was meant."""
