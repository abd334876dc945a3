"""The one exception of the readers: a file that cannot be read at all, with the sentence to show."""

from sizao.vocabulary.text import Message


class UnreadableFile(Exception):
    """Nothing of this file could be used. `message` says what was found and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
