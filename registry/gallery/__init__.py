"""Search and sort hundreds of styles, and have their small pictures made."""
