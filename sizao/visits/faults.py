"""What a question or a file may be refused for, in a sentence."""

from sizao.vocabulary.text import Message


class VisitsError(ValueError):
    """Visits cannot be read, kept or asked as wished; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
