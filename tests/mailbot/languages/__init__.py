"""Tests of `mailbot/languages`."""
