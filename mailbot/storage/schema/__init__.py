"""Define the tables of the ledger, migration by migration."""
