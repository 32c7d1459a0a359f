"""Every sentence that a reading can say: notes about what was read, and questions where two readings fit.

The page translates by the code: `reading.<code>`.
"""

from dataclasses import dataclass

NOTES: dict[str, str] = {
    "value": "Line {line}: “{found}” stands where a number or a list should be.",
    "end": "Line {line}: the text ends in the middle of a value. Is a bracket missing?",
    "deep": "Line {line}: more than {wanted} brackets are nested.",
    "dots": "Line {line}: NumPy left numbers out (“...”). Use this small case, or print the whole array.",
    "ragged": "Line {line}: the rows of {name} have different lengths.",
    "axes": "Line {line}: {name} must be a number, a row or a matrix, and not empty.",
    "unnamed": "Line {line}: these numbers have no name. Write one in front, such as dW1 = [[0.1, 0.2]].",
    "no_value": "Line {line}: no numbers were found after {name}.",
    "more": "{count} more places could not be read.",
    "nothing": "No numbers were found in this text.",
    "by_lines": "Line {line}: each line of {name} was read as a row.",
    "shape_differs": "Line {line}: {name} is said to have the shape {found}, but its numbers have the shape {wanted}.",
    "shape_only": "Line {line}: {found} was taken for the shape of {name}, not for its numbers.",
    "commas": "Line {line}: the comma in “{found}” was read as a decimal comma, as {read}. If it separates two "
    "numbers, write a space after it.",
    "headers": "Line {line}: the names of rows and columns were left out.",
    "scaled": "Line {line}: the numbers were multiplied by {factor}, which is printed above them.",
    "masked": "Line {line}: {name} was read as {tensor}, before the mask. If your code multiplies the mask into {name} "
    "itself, call it {other}.",
    "from_zero": "Your indexes count from 0, so {name} was read as {tensor}.",
    "parted": "Line {line}: the first column of {name} was read as the bias {bias}, the rest as {weights}.",
    "incomplete": "Line {line}: {name} is one number of a layer, and these are missing: {missing}.",
    "shared": "Line {line}: {name} is one bias for {count} units. It was read as {count} equal ones; its gradient is "
    "the sum of theirs.",
    "no_sizes": "Line {line}: {name} and its neighbours are {count} weights, and no small network has so many.",
}

QUESTIONS: dict[str, str] = {
    "decimal": "Line {line}: is the comma in “{found}” a decimal comma?",
    "twice": "{name} is given in line {first} and again in line {last}, with different numbers. Which one do you mean?",
    "numbering": "How are the weights numbered?",
    "sizes": "{count} weights are given one by one. Which network has them?",
    "layers": "How many layers with weights does the network have?",
    "v_and_w": "Which weights are V, and which are W?",
    "theta": "Does the first column of {name} hold the biases?",
    "layout": "Two readings of the matrices fit. Are samples rows or columns?",
    "y": "Line {line}: what does y hold?",
}

CHOICES: dict[str, str] = {
    "decimal_comma": "Yes, a decimal comma: {read}",
    "decimal_point": "No, it separates two numbers: {read}",
    "twice_first": "The one in line {line}",
    "twice_last": "The one in line {line}",
    "numbering_by_unit": "{first} and {second} lead into the same unit",
    "numbering_by_input": "{first} and {second} come from the same input",
    "sizes_are": "{sizes}",
    "layers_are": "{count}",
    "v_and_w_hidden": "V leads into the hidden layer, W out of it",
    "v_and_w_output": "W leads into the hidden layer, V out of it",
    "theta_bias": "Yes, its first column is the bias",
    "theta_plain": "No, all of them are weights",
    "layout_rows": "Rows are samples: z = x W, and W has a row for each input",
    "layout_columns": "Columns are samples: z = W x, and W has a row for each unit",
    "y_labels": "A class number for each of {count} samples",
    "y_one_hot": "One sample: a number for each of {count} outputs",
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know about how the text was read."""

    code: str
    params: dict[str, object]

    @property
    def text(self) -> str:
        """In English."""
        return NOTES[self.code].format(**self.params)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read it; `id` is what is sent back."""

    id: str
    code: str
    params: dict[str, object]

    @property
    def text(self) -> str:
        """In English."""
        return CHOICES[self.code].format(**self.params)


@dataclass(frozen=True, slots=True)
class Question:
    """Two readings fit.

    Attributes
    ----------
    id : what the answer is sent under
    tensors : what is not known before the answer
    """

    id: str
    code: str
    params: dict[str, object]
    choices: tuple[Choice, ...]
    line: int
    tensors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """In English."""
        return QUESTIONS[self.code].format(**self.params)


def note(code: str, **params: object) -> Note:
    return Note(code, params)
