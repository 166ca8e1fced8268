"""A corpus of mails with decorations, and of photos that look like decorations, built by code.

pictures     logos, banners, icons, and photos of all shapes
programs     mails as Outlook, Gmail, Apple Mail and Thunderbird build them
pages        signatures, disclaimers and newsletters around a picture
corpus       the mails, each with the pictures that are photos and those that are none
lookalikes   photos that look like decorations
carriers     messages of phones
"""
