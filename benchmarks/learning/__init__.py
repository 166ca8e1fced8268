"""Have paintings learnt through the whole system: how good, how soon, and at which cost to photos."""
