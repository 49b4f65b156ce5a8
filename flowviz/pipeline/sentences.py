"""Sentences for the user: written once in English where they arise, shown in the user's language in the window.

`say` makes an ordinary string that remembers its template, so an error raised deep in the maths can still be translated;
`Text` carries it across the wall between the processes.
"""

from __future__ import annotations

import msgspec


class Sentence(str):
    """A finished English sentence that knows the template and the arguments that it was made of."""

    template: str
    arguments: dict[str, str]


def say(template: str, /, **arguments: object) -> Sentence:
    """Fills a template: say("{file} has no rows", file=name). The template must be a literal, so that it can be collected."""
    texts = {name: str(value) for name, value in arguments.items()}
    sentence = Sentence(template.format(**texts))
    sentence.template, sentence.arguments = template, texts
    return sentence


class Text(msgspec.Struct, frozen=True, array_like=True):
    """A sentence on the wire; `str()` of it is the English."""

    template: str = ""
    arguments: dict[str, str] = {}

    @classmethod
    def of(cls, sentence: str | BaseException) -> Text:
        """From a string or an exception; without a template, the words themselves are the argument of '{text}'."""
        if isinstance(sentence, BaseException):
            sentence = sentence.args[0] if sentence.args and isinstance(sentence.args[0], str) else str(sentence)
        if isinstance(sentence, Sentence):
            return cls(sentence.template, sentence.arguments)
        return cls("{text}", {"text": sentence}) if sentence else cls()

    def __str__(self) -> str:
        return self.template.format(**self.arguments)

    def __bool__(self) -> bool:
        return bool(self.template)
