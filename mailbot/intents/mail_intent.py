"""Read what the words of a mail ask for, without regard to its photos.

    MailIntent    what is asked for
    read_intent   request -> MailIntent

`mail_sentences.py` reads the sentences and weighs the styles that they mention. In a long mail a learned
model does so too (`learned/`). The subject counts before the text, and the text before the address. In an
answer ("Re: …") the text counts first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailbot.intents.changes.heard_changes import intent_of, is_change
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.details.mail_options import mail_options
from mailbot.intents.learned.doubts import doubted, is_brief, mentioned
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.leftovers.leftovers import left_over
from mailbot.intents.leftovers.passed_over import named_too, not_painted
from mailbot.intents.mail_sentences import read_sentences
from mailbot.intents.mentions.corrections import corrected
from mailbot.intents.mentions.deciding_sentences import (
    all_refused,
    best_named,
    is_disputed,
    with_corrected,
    with_only,
)
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.options import Options
from mailbot.intents.paintings.painting_counts import counted
from mailbot.intents.paintings.photo_numbers import REST
from mailbot.intents.paintings.photo_options import photo_options
from mailbot.intents.paintings.photo_things import with_things
from mailbot.intents.paintings.style_chooser import StyleChooser
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.photo_choice import choose_photos
from mailbot.intents.request_places import is_forward
from mailbot.intents.requests_without_style import asked_within, counts, whole_intent
from mailbot.intents.stories.turns import with_turns
from mailbot.parsing.mail_parser import StyleRequest
from styles.errors import BadOption, PainterError, UnknownStyle
from styles.language.intents import Intent
from styles.language.lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class MailIntent:
    """Hold what a mail asks for."""

    intent: Intent | None = None  #: one of help, the list, the sheet and a surprise
    selection: Selection | None = None  #: the styles that are named
    several: int = 1  #: paintings of each photo in styles that the bot chooses
    refused: frozenset[str] = frozenset()  #: styles that are not wanted
    options: Options = Options()
    of_photos: Mapping[int, Options] = field(default_factory=dict)  #: of the photos that have their own
    problem: PainterError | None = None  #: an unknown style, or an impossible blend
    not_understood: tuple[str, ...] = ()  #: words of a request that mean nothing here
    passed_over: tuple[str, ...] = ()  #: styles that are named, too, and not painted, as they were written
    doubted: str = ""  #: words that the style is taken from, and that may name it by chance
    mentioned: tuple[str, ...] = ()  #: words that mean a style, where no style is asked for clearly
    unpainted: frozenset[int] = frozenset()  #: numbers of the photos that are left out, from 0


def read_intent(
    request: StyleRequest, catalogue: Catalogue, own: Collection[str], *, change: Change | None = None
) -> MailIntent:
    """Return what a mail asks for; `own` are the bot's addresses, of which the tags are read.

    In a reply that means the `change` of a painting, words such as "bigger" are no options.
    """
    read = read_sentences(request, catalogue, own, change=change)
    words = read.words
    weighed = with_turns(corrected(read.groups), words, len(request.images))
    weighed = with_things(weighed, len(request.images))
    sentences = [one.sentence for group in weighed for one in group]
    single = photo_options(sentences, 1 if change else len(request.images), words)
    left = iter(single.sentences)
    weighed = [[replace(one, sentence=next(left)) for one in group] for group in weighed]
    if choose_photos([one for group in weighed for one in group], len(request.images), words).chosen:
        weighed = with_only(weighed)
    weighed = with_corrected(weighed)
    intent = _IntentReader(
        weighed,
        catalogue,
        words,
        of_photos=single.own,
        is_reply=read.is_reply,
        request=request,
        change=change,
    ).read()
    return replace(intent, of_photos=single.own)


class _IntentReader:
    """Decide what the sentences of one mail ask for together."""

    def __init__(
        self,
        groups: Sequence[Sequence[WeighedSentence]],
        catalogue: Catalogue,
        words: Lexicon,
        *,
        of_photos: Mapping[int, Options],
        is_reply: bool,
        request: StyleRequest,
        change: Change | None,
    ) -> None:
        self._all = [one for group in groups for one in group]
        self._groups = groups
        self._catalogue = catalogue
        self._words = words
        self._of_photos = of_photos
        self._is_reply = is_reply
        self._name = request.name
        self._change = change
        self._count = len(request.images)
        self._is_shouted = is_forward(request.subject) and any(mark in request.text for mark in "!！")

    def read(self) -> MailIntent:
        """Return the intent of the mail."""
        refused_names = all_refused(self._all)
        deciding = best_named(self._groups, refused_names)
        selection: Selection | None = None
        problem: PainterError | None = None
        chooser = StyleChooser(self._all, self._catalogue, self._words, self._count)
        try:
            selection = self._of_more(chooser.select(deciding, self._current(deciding)))
        except (UnknownStyle, BadOption) as error:
            problem = error
        intent = self._intent(bool(selection))
        if intent is Intent.SHEET and self._is_sheet_asked(deciding):
            selection = None
        if not selection and not problem and intent not in (Intent.SHEET, Intent.SURPRISE):
            problem = chooser.elsewhere()
        options = mail_options(
            self._current(deciding), deciding, selection, self._words, is_reply=self._change is not None
        )
        selection, left_out = self._chosen_photos(selection)
        photos = frozenset(selection.photos if selection else ()) | left_out
        is_remembered = self._change is not None and intent is None
        several = (
            1 if selection or is_remembered else counted([one.sentence for one in self._all], self._words)
        )
        effects = Effects(
            selection=selection,
            options=options,
            of_photos=tuple(self._of_photos.values()),
            refused=refused_names,
            photos=photos,
            count=self._count,
            several=several,
            change=self._change,
            is_sheet=intent is Intent.SHEET,
            is_disputed=intent is None and is_disputed(self._all, refused_names),
        )
        is_heard = selection or intent or refused_names or self._change or is_brief(self._all)
        heard = self._current(deciding) if is_heard else []
        read = self._acted_upon(deciding)
        others = not_painted(heard, deciding, selection)
        heard = [one for one in heard if one not in others]
        is_sure = (self._is_reply and not self._is_shouted) or options != Options() or self._of_photos
        return MailIntent(
            intent=intent,
            selection=selection,
            several=several,
            refused=refused_names,
            options=options,
            problem=problem,
            not_understood=left_over(heard, read, effects, self._words, self._name, self._catalogue),
            passed_over=named_too(others, read, effects, self._words, self._catalogue),
            doubted=""
            if is_sure
            else doubted(self._groups, deciding, selection, is_shouted=self._is_shouted),
            mentioned=() if selection else mentioned(self._all),
            unpainted=left_out,
        )

    def _acted_upon(self, deciding: Sequence[WeighedSentence]) -> list[WeighedSentence]:
        """Return the sentences that name styles, else those with an intent; in a reply also the changes."""
        found = list(deciding)
        if not found:
            found = [one for one in self._all if self._whole(one)]
        if self._change:
            found += [one for one in self._all if one not in found and is_change(one.sentence, self._words)]
        return found

    def _chosen_photos(self, selection: Selection | None) -> tuple[Selection | None, frozenset[int]]:
        """Return the selection, and the photos that are left out; a style of its own brings a photo back."""
        choice = choose_photos(self._all, self._count, self._words, self._of_photos)
        photos = selection.photos if selection else ()
        if selection and len(selection.names) == len(photos) > 1 and selection.how == "each":
            return selection, choice.refused - {at % self._count for at in photos if at != REST}
        if choice.chosen is None:
            return selection, frozenset()
        left_out = frozenset(range(self._count)) - choice.chosen
        return replace(selection, photos=()) if selection and photos else selection, left_out

    def _of_more(self, selection: Selection | None) -> Selection | None:
        """Return one style for the photos that it is for, and for those with options of their own.

        "The first one as the wave, small, the second one the same, but big".
        """
        if selection is None or selection.how != "one" or not selection.photos or REST in selection.photos:
            return selection
        photos = {at % max(1, self._count) for at in selection.photos}
        if self._of_photos.keys() <= photos:
            return selection
        photos |= self._of_photos.keys()
        return replace(selection, photos=tuple(sorted(photos)) if len(photos) < self._count else ())

    def _intent(self, is_named: bool) -> Intent | None:
        """Return what else is asked for. A sheet goes before a surprise, and both before list and help."""
        sentences = [one.sentence for one in self._all]
        found = [(self._whole(one), one.sentence) for one in self._all]
        intents = [intent for intent, sentence in found if intent and counts(intent, sentence, sentences)]
        order = (Intent.SHEET, Intent.SURPRISE, Intent.LIST, Intent.HELP)
        if intents or is_named or self._count:
            return next((intent for intent in order if intent in intents), None)
        return next((intent for one in sentences if (intent := asked_within(one, self._words))), None)

    def _whole(self, one: WeighedSentence) -> Intent | None:
        return intent_of(one, self._words, is_reply=self._change is not None)

    def _is_sheet_asked(self, deciding: Sequence[WeighedSentence]) -> bool:
        """Tell whether only the sheet is asked for: "Some want A, some B. Could we see them all first?"."""
        if any("ask" in one.sentence.kinds for one in deciding):
            return False
        others = (one.sentence for one in self._all if one not in deciding)
        asking = (one for one in others if "ask" in one.kinds and "apart" not in one.kinds)  # "one of each"
        return any(whole_intent(one, self._words) is Intent.SHEET for one in asking)

    def _current(self, deciding: Sequence[WeighedSentence]) -> list[WeighedSentence]:
        """Return the sentences that count, deciding ones first; an old subject of a reply does not."""
        is_newer = self._is_reply and any(one.sentence.where == "text" for one in deciding)
        current = [one for one in self._all if not (is_newer and one.sentence.where == "subject")]
        return sorted(current, key=lambda one: (one not in deciding, one.sentence.where == "subject"))
