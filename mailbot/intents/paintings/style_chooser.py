"""Choose the styles of a mail from its sentences.

StyleChooser
.select     the sentences that decide -> Selection
.elsewhere  the error of a clear request for a style that there is not
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.named_elsewhere import named_elsewhere
from mailbot.intents.mentions.refusals import without_refused
from mailbot.intents.mentions.relations import is_blended, is_labelled, is_muddle, related
from mailbot.intents.names.catalogue import Catalogue, echo
from mailbot.intents.names.name_index import Grade
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.painting_counts import wants_all
from mailbot.intents.paintings.photo_numbers import POINTED
from mailbot.intents.paintings.photo_order import in_order
from mailbot.intents.paintings.photo_things import by_things
from mailbot.intents.paintings.references import both, several
from mailbot.intents.paintings.said_blend import said_blend
from mailbot.intents.paintings.selection_merging import merge_selections, select_with_again
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.paintings.variants import filled, numbered, variants
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from styles.errors import UnknownStyle
from styles.language import blend_syntax
from styles.language.lexicon import Lexicon
from styles.language.tokens import key
from styles.language.tokens import words as split_words

#: Unknown words of a sentence about one of several paintings: "The night café quite big, it goes to the pub".
_FEW = 2
#: Characters for "in the manner of" behind the name of a style.
_MANNER = ("风", "風")
#: Features of a painting by which it must lead over the others of its artist.
_SEEN = 1.0
#: Features of a painting that tell it from others of its artist: one may be a word about the photo.
_FEATURES = 2


class StyleChooser:
    """Choose styles by all sentences of a mail with `count` photos."""

    def __init__(
        self, sentences: Sequence[WeighedSentence], catalogue: Catalogue, words: Lexicon, count: int
    ) -> None:
        self._all = sentences
        self._catalogue = catalogue
        self._words = words
        self._count = count

    def select(
        self, deciding: Sequence[WeighedSentence], current: Sequence[WeighedSentence]
    ) -> Selection | None:
        """Return what the `deciding` ones of the `current` sentences ask for, None where there are none.

        Raises `UnknownStyle`, and `BadOption` for an impossible blend.
        """
        selection = self._chosen(self._merged(deciding), deciding) if deciding else None
        if self._count > 1 and not self._is_each_numbered(selection):
            ordered = in_order(self._all, self._count, self._words, self._best)
            selection = ordered or by_things(self._all, self._count, self._best, selection) or selection
        is_alone = selection is None or selection.how == "one"
        if self._count == 1 and is_alone:
            selection = several(self._all, self._words, self._best) or selection
        selection = both(self._all, self._count, self._words, self._best) or selection
        if not (selection and selection.photos and self._count > 1):
            is_shared = selection is not None and selection.how == "blend" and len(selection.shares) > 1
            found = said_blend(self._all, self._words, self._best, is_shared=is_shared)
            selection = found or selection
        if selection and selection.photos and any(POINTED in one.sentence.kinds for one in self._all):
            selection = replace(selection, is_in_order=True)
        if selection and selection.how == "one" and not selection.photos and selection.strength is None:
            apart = (one.sentence for one in current if one not in deciding and not one.scores)
            return self._in_variants(selection, apart)
        text = [one for one in current if one.sentence.where == "text"]
        return self._with_own(selection, text) if selection and selection.how == "each" else selection

    def _is_each_numbered(self, selection: Selection | None) -> bool:
        """Tell whether every photo has a style of its own, by its number."""
        if selection is None or selection.is_in_order:
            return False
        return len(set(selection.photos)) >= self._count

    def _with_own(self, selection: Selection, text: Iterable[WeighedSentence]) -> Selection:
        """Return several paintings with the options that a sentence says of one: "The scream small"."""
        said: dict[str, Options] = {}
        for one in text:
            if self._count == 1 and not one.scores:  # "The second one small"
                own = numbered(one.sentence, len(selection.names), self._words)
                said |= {selection.names[at]: each for at, each in enumerate(own) if each != Options()}
            named = {name for at in one.scores for name in one.sentence.styles_at(at)} & selection.styles
            options = read_options(one.sentence, self._words)
            if len(named) == 1 and one.sentence.unknown <= _FEW and options != Options():
                said[named.pop()] = options
        if selection.own or not said or not said.keys() <= set(selection.names):
            return selection
        return replace(selection, own=filled([said.get(name, Options()) for name in selection.names]))

    def _chosen(self, selection: Selection, deciding: Sequence[WeighedSentence]) -> Selection:
        """Return a choice where another sentence leaves it to the bot: "A and B. Surprise me with one".

        "A and B. Can I have both?" asks for a painting in each, and so does a choice: "Torn between A and B.
        Send both".
        """
        apart = [one for one in self._all if one not in deciding and not one.scores]
        is_left = any("choose" in one.sentence.kinds for one in apart)
        is_mix = any("mix" in one.sentence.kinds for one in deciding)
        is_blend = selection.how == "blend" and not is_mix
        if not is_blend and selection.how != "choice":
            return selection
        if is_blend and is_left:
            return replace(selection, how="choice", names=tuple(sorted(selection.styles)))
        if self._count == 1 and any(wants_all(one.sentence) for one in apart):
            names = tuple(blend_syntax.read(selection.names[0])) if is_blend else selection.names
            return replace(selection, how="each", names=names)
        return selection

    def _merged(self, deciding: Sequence[WeighedSentence]) -> Selection:
        selections = [self._selection_of(one) for one in deciding]
        said = [
            read_options(one.sentence, self._words, each.taken)
            for one, each in zip(deciding, selections, strict=True)
        ]
        made = merge_selections(selections, said)
        is_ordered = any("in_order" in one.sentence.kinds for one in self._all)
        if is_ordered and made.how == "each" and 1 < len(made.names) == self._count:
            return replace(made, photos=tuple(range(self._count)), is_in_order=True)
        if made.photos or len(deciding) == 1 or not all(is_labelled(one.sentence) for one in deciding):
            return made
        return replace(made, photos=tuple(range(len(made.names))), is_in_order=True)

    def _in_variants(self, selection: Selection, apart: Iterable[Sentence]) -> Selection:
        """Return the one style with the options of another sentence: "Three, at 30, 60 and 90%"."""
        found = next(filter(None, (variants(one, self._words) for one in apart)), None)
        if not found:
            return selection
        names = selection.names * len(found.own)
        return replace(selection, how="each", names=names, own=found.own, photos=found.photos)

    def _selection_of(self, one: WeighedSentence) -> Selection:
        items = one.sentence.items
        wanted = self._without_wrong_artists(items, related(one.sentence, one.named, one.scores))
        elsewhere = [at for at in one.wanted if not one.sentence.styles_at(at)]
        is_nearest = all(_is_movement(items[at]) for at in wanted)  # "a woodcut, as cordel covers have it"
        if elsewhere and (is_nearest or is_blended(items, wanted, elsewhere)):
            raise self._unknown(items[elsewhere[0]])
        if is_muddle([items[at] for at in wanted], wanted):
            raise self._unknown(*(items[at] for at in wanted))
        apart = [other.sentence for other in self._all if other.sentence.where != "tag" and not other.named]
        return select_with_again(one.sentence, wanted, self._words, self._best, apart)

    def _without_wrong_artists(self, items: Sequence[Item], wanted: Sequence[int]) -> Sequence[int]:
        """Leave out an artist right before a title of somebody else: "Mondrian Composition VII"."""

        def is_wrong(at: int) -> bool:
            artist, title = items[at].mention, items[at + 1].mention if at + 1 in wanted else None
            return (
                artist is not None
                and title is not None
                and self._catalogue.is_painter(artist.raw)
                and not self._catalogue.is_painter(title.raw)
                and bool(title.styles)
                and title.grade > Grade.ARTIST
                and set(artist.styles).isdisjoint(title.styles)
            )

        return [at for at in wanted if not is_wrong(at)]

    def _best(self, styles: Sequence[str]) -> str:
        """Choose among the styles of an artist or a movement, by what else the mail says."""
        refused = {name for one in self._all for at in one.refused for name in one.sentence.styles_at(at)}
        left = set(styles) - refused or set(styles)
        for one in self._all:
            for at in one.scores:
                found = left.intersection(one.sentence.styles_at(at))
                if found and at not in one.refused:
                    left = found
        named = [one.sentence for one in self._all if one.named]
        liked, disliked = (
            [
                word
                for one in named
                for item in without_refused(one, is_refused=each)
                for word in split_words(item.raw)
            ]
            for each in (False, True)
        )
        fitting = self._catalogue.descriptions.fitting
        left = left - {fitting([name for name in styles if name in left], disliked)} or left
        among = [name for name in styles if name in left]
        return fitting(among, liked) or self._seen(among) or among[0]

    def _seen(self, among: Sequence[str]) -> str:
        """Return the one of some styles of which the text tells most that its painting shows."""
        said = [
            item.raw
            for one in self._all
            if one.sentence.where == "text"
            for item in without_refused(one.sentence, is_refused=False)
        ]
        fit = self._catalogue.features.fit(" ".join(said), among) if len(among) > 1 else None
        return fit.style if fit and fit.lead >= _SEEN and fit.count >= _FEATURES else ""

    def _unknown(self, *items: Item) -> UnknownStyle:
        raw = " ".join(item.raw for item in items)
        movement = next((item.mention.movement for item in items if item.mention), "")
        raw = self._bare(raw)
        movement = self._words.elsewhere.get(key(raw), movement)
        return UnknownStyle(echo(raw), self._catalogue.near(raw, movement), self._catalogue.names)

    def _bare(self, raw: str) -> str:
        """Return a style from elsewhere without what leads to it, or ends it: "en acuarela", "水墨画风"."""
        lead, _, rest = raw.partition(" ")
        if key(rest) in self._words.elsewhere and {"cue", "article"} & self._words.of(key(lead)):
            return self._bare(rest)
        is_longer = raw[:1] >= FIRST_CJK and key(raw[:-1]) in self._words.elsewhere
        return raw[:-1] if is_longer and key(raw[-1]) in _MANNER else raw

    def elsewhere(self) -> UnknownStyle | None:
        """Return the error of a clear request for a style that there is not."""
        for one in self._all:
            if wanted := [at for at in one.wanted if not one.sentence.styles_at(at)]:
                return self._unknown(one.sentence.items[max(wanted, key=lambda at: one.scores[at])])
        found = next((raw for one in self._all if (raw := named_elsewhere(one.sentence, self._words))), "")
        near = self._catalogue.near(found)
        return UnknownStyle(echo(found), near, self._catalogue.names) if found else None


def _is_movement(item: Item) -> bool:
    return item.mention is not None and item.mention.grade is Grade.TAG and not item.mention.is_described
