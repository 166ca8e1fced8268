"""Read how a reply wants the paintings before changed."""
