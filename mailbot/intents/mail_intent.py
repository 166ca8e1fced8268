"""Read what the words of a mail ask for, without regard to its photos.

    MailIntent    what is asked for
    read_intent   request -> MailIntent

Every sentence of the text is read, the subject, and the tags of the bot's addresses (`sentence.py`). Each
mention of a style is weighed (`evidence.py`). If none is a request, misspelt names are sought (`typos.py`).
The subject counts before the text, and the text before the address. In an answer ("Re: …") the text counts
first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailbot.intents.catalogue import Catalogue, echo
from mailbot.intents.mentions.context import extra_of
from mailbot.intents.mentions.corrections import corrected
from mailbot.intents.mentions.deciding_sentences import all_refused, best_named, refused_in
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.ineffective_clauses import Effects
from mailbot.intents.mentions.not_understood import not_understood
from mailbot.intents.mentions.relations import is_blended, is_labelled, is_muddle, related, with_options
from mailbot.intents.mentions.typos import with_unnamed
from mailbot.intents.mentions.unknown_words import named_elsewhere
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.painting_counts import counted
from mailbot.intents.paintings.photo_numbers import REST
from mailbot.intents.paintings.photo_options import photo_options
from mailbot.intents.paintings.photo_order import in_order
from mailbot.intents.paintings.selection_merging import merge_selections
from mailbot.intents.paintings.style_selection import Selection, select_styles
from mailbot.intents.paintings.variants import variants
from mailbot.intents.photo_choice import unpainted
from mailbot.intents.request_places import bare_subject, numbered, tags, with_colons
from mailbot.intents.requests_without_style import asked_within, counts, whole_intent
from mailbot.intents.sentence import Item, SentenceReader
from mailbot.intents.strengths import stray_strength
from mailbot.parsing.mail_parser import StyleRequest
from styles.errors import BadOption, PainterError, UnknownStyle
from styles.language.intents import Intent
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, lexicon, relative
from styles.language.tokens import tokenize
from styles.language.tokens import words as split_words

#: Characters of a mail by which its language is found.
_SAMPLE = 2000


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
    unpainted: frozenset[int] = frozenset()  #: numbers of the photos that are left out, from 0


def read_intent(
    request: StyleRequest, catalogue: Catalogue, own: Collection[str], *, is_relative: bool = False
) -> MailIntent:
    """Return what a mail asks for; `own` are the bot's addresses, of which the tags are read.

    Where `is_relative`, words such as "bigger" are no options.
    """
    subject, is_reply = bare_subject(request.subject)
    is_reply = is_reply or bool(request.references)
    written = numbered(request)
    languages = detect(tokenize(f"{subject}\n{request.text[:_SAMPLE]}"))
    reader = SentenceReader(catalogue, words := (relative if is_relative else lexicon)(languages))
    title = [reader.one(with_colons(subject), "subject")] if subject else []
    text = reader.sentences(written, "text")
    address = [reader.one(tag, "tag") for tag in tags(request, own)]
    groups = (text, title, address) if is_reply else (title, text, address)
    weighed = with_unnamed(groups, catalogue, words, extra_of(title, text, len(request.images)))
    weighed = corrected(weighed)
    sentences = [one.sentence for group in weighed for one in group]
    single = photo_options(sentences, 1 if is_relative else len(request.images), words)
    left = iter(single.sentences)
    weighed = [[replace(one, sentence=next(left)) for one in group] for group in weighed]
    of_photos = single.own.values()
    intent = _IntentReader(
        weighed, catalogue, words, of_photos=of_photos, is_reply=is_reply, request=request
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
        of_photos: Collection[Options],
        is_reply: bool,
        request: StyleRequest,
    ) -> None:
        self._all = [one for group in groups for one in group]
        self._groups = groups
        self._catalogue = catalogue
        self._words = words
        self._of_photos = of_photos
        self._is_reply = is_reply
        self._name = request.name
        self._count = len(request.images)

    def read(self) -> MailIntent:
        """Return the intent of the mail."""
        refused_names = all_refused(self._all)
        deciding = best_named(self._groups, refused_names)
        selection: Selection | None = None
        problem: PainterError | None = None
        try:
            selection = self._merged(deciding) if deciding else None
        except (UnknownStyle, BadOption) as error:
            problem = error
        if selection and selection.how == "one" and not selection.photos and selection.strength is None:
            selection = self._in_variants(selection, deciding)
        intent = self._intent(bool(selection))
        if not selection and not problem and intent not in (Intent.SHEET, Intent.SURPRISE):
            problem = self._elsewhere()
        options = self._options(deciding, selection)
        numbered = {
            at % self._count for at in (selection.photos if selection else ()) if at != REST and self._count
        }
        left_out = unpainted((one.sentence for one in self._all), self._count) - numbered
        photos = frozenset(selection.photos if selection else ()) | left_out
        own = (*(selection.own if selection else ()), *self._of_photos)
        effects = Effects(
            options=options, own=own, refused=refused_names, photos=photos, is_several=self._count > 1
        )
        return MailIntent(
            intent=intent,
            selection=selection,
            several=1 if selection else counted([one.sentence for one in self._all], self._words),
            refused=refused_names,
            options=options,
            problem=problem,
            not_understood=not_understood(
                deciding, self._current(deciding), selection, effects, self._words, self._name
            ),
            unpainted=left_out,
        )

    def _merged(self, deciding: Sequence[WeighedSentence]) -> Selection:
        selections = [self._selection_of(one) for one in deciding]
        said = [
            read_options(one.sentence, self._words, each.taken)
            for one, each in zip(deciding, selections, strict=True)
        ]
        made = merge_selections(selections, said)
        if len(set(made.photos)) < self._count and (ordered := in_order(self._all, self._count, self._best)):
            return ordered
        if made.photos or len(deciding) == 1 or not all(is_labelled(one.sentence) for one in deciding):
            return made
        return replace(made, photos=tuple(range(len(made.names))), is_in_order=True)

    def _in_variants(self, selection: Selection, deciding: Sequence[WeighedSentence]) -> Selection:
        """Return the one style with the options of another sentence: "Three, at 30, 60 and 90%"."""
        apart = (one.sentence for one in self._current(deciding) if one not in deciding and not one.scores)
        found = next(filter(None, (variants(one, self._words) for one in apart)), None)
        if not found:
            return selection
        names = selection.names * len(found.own)
        return replace(selection, how="each", names=names, own=found.own, photos=found.photos)

    def _selection_of(self, one: WeighedSentence) -> Selection:
        wanted = related(one.sentence, one.named, one.scores)
        items = one.sentence.items
        elsewhere = [at for at in one.wanted if not one.sentence.styles_at(at)]
        if elsewhere and is_blended(items, wanted, elsewhere):
            raise self._unknown(items[elsewhere[0]])
        if is_muddle([items[at] for at in wanted], wanted):
            raise self._unknown(*(items[at] for at in wanted))
        apart = [other.sentence for other in self._all if other.sentence.where == "text" and not other.scores]
        return select_styles(one.sentence, wanted, self._words, self._best, apart)

    def _best(self, styles: Sequence[str]) -> str:
        """Choose among the styles of an artist or a movement, by what else the mail says."""
        left = set(styles)
        for one in self._all:
            for at in one.scores:
                found = left.intersection(one.sentence.styles_at(at))
                if found and at not in one.refused:
                    left = found
        left = left.difference(*(refused_in(one) for one in self._all)) or left
        named = (item for one in self._all if one.named for item in one.sentence.words)
        said = [word for item in named for word in split_words(item.raw)]
        if fitting := self._catalogue.descriptions.fitting([name for name in styles if name in left], said):
            return fitting
        return next(name for name in styles if name in left)

    def _unknown(self, *items: Item) -> UnknownStyle:
        raw = " ".join(item.raw for item in items)
        movement = next((item.mention.movement for item in items if item.mention), "")
        return UnknownStyle(echo(raw), self._catalogue.near(raw, movement), self._catalogue.names)

    def _elsewhere(self) -> UnknownStyle | None:
        """Return the error of a clear request for a style that there is not."""
        for one in self._all:
            if wanted := [at for at in one.wanted if not one.sentence.styles_at(at)]:
                return self._unknown(one.sentence.items[max(wanted, key=lambda at: one.scores[at])])
        found = next((raw for one in self._all if (raw := named_elsewhere(one.sentence, self._words))), "")
        near = self._catalogue.near(found)
        return UnknownStyle(echo(found), near, self._catalogue.names) if found else None

    def _intent(self, is_named: bool) -> Intent | None:
        """Return what else is asked for. A sheet goes before a surprise, and both before list and help."""
        sentences = [one.sentence for one in self._all]
        found = [(whole_intent(one.sentence, self._words, one.refused), one.sentence) for one in self._all]
        intents = [intent for intent, sentence in found if intent and counts(intent, sentence, sentences)]
        order = (Intent.SHEET, Intent.SURPRISE, Intent.LIST, Intent.HELP)
        if intents or is_named or self._count:
            return next((intent for intent in order if intent in intents), None)
        return next((intent for one in sentences if (intent := asked_within(one, self._words))), None)

    def _current(self, deciding: Sequence[WeighedSentence]) -> list[WeighedSentence]:
        """Return the sentences that count, deciding ones first: not the old subject above a newer request."""
        is_newer = self._is_reply and any(one.sentence.where == "text" for one in deciding)
        current = [one for one in self._all if not (is_newer and one.sentence.where == "subject")]
        return sorted(current, key=lambda one: one not in deciding)

    def _options(self, deciding: Sequence[WeighedSentence], selection: Selection | None) -> Options:
        options = Options(strength=selection.strength if selection else None)
        for one in self._current(deciding):
            is_deciding = one in deciding
            sentence = one.sentence if is_deciding else with_options(one.sentence, is_beside=bool(deciding))
            read = read_options(sentence, self._words, selection.taken if selection and is_deciding else ())
            read = read if is_deciding else replace(read, numbers=())
            is_corrected = "correction" in sentence.kinds and not is_deciding
            options = read.over(options) if is_corrected else options.over(read)
        if options.strength is None and selection and selection.how == "one":
            apart = (one.sentence for one in self._current(deciding) if one not in deciding)
            strengths = filter(None, (stray_strength(sentence, self._words) for sentence in apart))
            return replace(options, strength=next(strengths, None))
        return options
