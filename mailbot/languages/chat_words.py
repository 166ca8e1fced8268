"""Say in a chat what a mail's answer says of mails, subjects and attachments.

The answers are written once, for mail. Where a sentence is about mail, this table has its form for a chat.
"""

from __future__ import annotations

from collections.abc import Mapping

from styles.translatable import gettext_noop, ngettext_noop

_SEND = gettext_noop("Send me a photo with a style's name, and it comes back painted.")
_DESCRIBE = gettext_noop("Send one photo or several, and say in your own words what you would like.")
_CHOOSE = gettext_noop("Please write one of these:")
_ORIGINAL = gettext_noop("To have it in another style, send the original photo with the style's name.")
_GONE = gettext_noop("With what I painted of them they are gone here; so is this request.")

#: The form for a chat, by that for a mail.
CHAT: Mapping[str, str] = {
    "I found no photo in your mail.": gettext_noop("I found no photo in your message."),
    "I found no photo in your mail but a painting of mine.": gettext_noop(
        "I found no photo in your message but a painting of mine."
    ),
    "To have it in another style, send the original photo with the style's name as the subject.": _ORIGINAL,
    "Attach a photo to a mail, write a style's name as its subject, and it comes back painted.": _SEND,
    "Send me a photo with a style's name as the subject, and it comes back painted.": _SEND,
    "Send your photo once more with a style's name as the subject, and it comes back painted.": gettext_noop(
        "Send your photo once more with a style's name, and it comes back painted."
    ),
    "Please send a smaller copy: most phones offer “Large” or “Medium” when mailing one.": gettext_noop(
        "Please send a smaller copy: a file may have 20 MB, and what you send as a photo always fits."
    ),
    "Please send the photo again with one of these as the subject:": _CHOOSE,
    "Please answer with one of these; in a new mail, attach the photo again:": _CHOOSE,
    "Send a photo with one of these as the subject:": gettext_noop("Send a photo with one of these:"),
    "Attach a photo to a mail, or several, and say in your own words what you would like, in the subject "
    "or in the text.": _DESCRIBE,
    "To choose another, send the photo again with a style's name as the subject: “{list}” brings the list.": (
        gettext_noop("To choose another, write a style's name: “{list}” brings the list.")
    ),
    "This is answer {number} of {count}: one mail has no room for all pictures.": gettext_noop(
        "This is answer {number} of {count}: one has no room for all pictures."
    ),
    "{photo}: painted, but too large for this mail. Please send it alone.": gettext_noop(
        "{photo}: painted, but too large for this answer. Please send it alone."
    ),
    "Welcome back: I answer your mails again.": gettext_noop("Welcome back: I answer you again."),
    "I had kept no mails of yours.": gettext_noop("I had kept no messages of yours."),
    "With what I painted of them they are gone here, and within a few minutes from my mailbox; "
    "so is this request.": _GONE,
    "Your photos and mails are deleted.": gettext_noop("Your photos and messages are deleted."),
    "The answers in your own mailbox are yours to keep or to delete.": gettext_noop(
        "What stands in this chat is yours to keep or to delete."
    ),
    "I found only a document in your mail: please attach the photo itself, as a picture file.": gettext_noop(
        "I found only a document: please send the photo itself, as a picture file."
    ),
    "That is as many mails as I can answer for one person in a while. "
    "Please send it again after {time} UTC on {date}; until then I stay silent.": gettext_noop(
        "That is as many messages as I can answer for one person in a while. "
        "Please send it again after {time} UTC on {date}; until then I stay silent."
    ),
}  # fmt: skip
#: The same for messages that depend on a number.
CHAT_PLURALS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("I had kept one mail of yours.", "I had kept {count} mails of yours."): ngettext_noop(
        "I had kept one message of yours.", "I had kept {count} messages of yours."
    ),
}
