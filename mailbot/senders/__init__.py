"""Who is answered, and how often; `mailbot/admission.py` is made of it."""
