"""Which mutants may compile. The rules know no C++, so most of what they make does not; a compiler takes seconds to say
so. What is dropped here for nothing costs less than that."""

import re

_LOOPS = re.compile(r"\b(for|while|do)\b")
_LEFT_ALREADY = re.compile(r"^\s*(return|break|continue|throw)\b")
_JUMP = re.compile(r"^\s*(?:break|continue);$", re.MULTILINE)
_NAMES = re.compile(r"(?<!\w)[A-Za-z_]\w*")
_NAMES_IN_RULES = {"begin", "end", "min", "max", "break", "continue", "all_of", "any_of", "none_of"}

# Our formatter puts a blank on both sides of an operator between two values, so these are spoilt types, and operators
# that stand before one value alone.
_SPOILT = re.compile("|".join((
    r"\w(?:==|<=|>=|!=|>\w)|[!<>]==",  # optional<=int>
    r"\w<(?:[\s(){};,>&]|$)",  # vector<int<
    r"[\w>](?:[|%/+-]|\|\|)[\s),]",  # const int| x
    r"[=(,]\s*[%/|]|[=(,]\s*[+-][A-Za-z_]",  # = %value
    r"[+-][/%]|[*/%][+-]|(?:^|[;)])\s*[%/]",  # +/value
    r"\(!\((?:const )?[\w:]+(?:<.*>)?[*&]* \w+ = ")))  # if (!(auto value = ...))

_DECLARATION = re.compile(
    r"^\s*(?!return|throw|delete|else|case|co_)(?:const\s+|constexpr\s+|static\s+)*[\w:]+(?:<.*>)?[*&\s]+(?:const\s+)?"
    r"(\w+)\s*[=;{(]")
_FUNCTION = re.compile(r"^(?!\s*(?:if|for|while|switch)\b).*\{.*\}\s*$")
_SCOPE = 30  # lines in which what is declared is used

# Where two neighbours are swapped, which makes nothing else of captures.
_SWAP = r"\3,\2"
_PARAMETER = re.compile(r"[(,] ?(?:const )?[\w:]+(?:<[^()]*>)?[&*]* [a-z]\w*[,)]")
_CAPTURES = re.compile(r"(?<!auto)(?<!auto&)(?<!auto&&)(?<!\s)\s+\[ ")

_NUMBER = r"(\d+)"


class Source:
    def __init__(self, lines):
        self.lines = lines
        self.names = set(_NAMES.findall("".join(lines)))


def may_compile(mutant, source):
    old, new = _code(mutant.old), _code(mutant.new)
    if not new.strip():
        return not _FUNCTION.search(old) and not _is_needed(old, source.lines[mutant.line:mutant.line + _SCOPE])
    return (_balance(old) == _balance(new)
            and len(_SPOILT.findall(new)) <= len(_SPOILT.findall(old))
            and _names_are_known(mutant, old, new, source)
            and halves_of_if(new)[1].strip() != ";"
            and not (_SWAP in mutant.rule and (_PARAMETER.search(new) or _CAPTURES.search(new)))
            and (not _JUMP.search(new) or _JUMP.search(old) or _can_jump(old, mutant, source)))


def halves_of_if(line):
    """`if (condition)` and the statement in the same line, which the rules would take for a part of the condition;
    empty for any other line."""
    begun = re.match(r"\s*(?:\} else )?if \(", line)
    end = _end_of_parenthesis(line, begun.end() - 1) if begun else 0
    is_whole = end > 0 and line.rstrip().endswith(";")
    return (line[:end], line[end:]) if is_whole else ("", "")


def _end_of_parenthesis(line, start):
    """The place behind the parenthesis that opens at the start; 0 if it closes in another line."""
    depth = 0
    for place in range(start, len(line)):
        depth += (line[place] == "(") - (line[place] == ")")
        if depth == 0:
            return place + 1
    return 0


def _code(line):
    """The line without what is in strings and comments."""
    return re.sub(r"//.*", "", re.sub(r'/\*.*\*/|"(?:\\.|[^"\\])*"', "", line))


def _balance(code):
    return [code.count(opening) - code.count(closing) for opening, closing in ("()", "[]", "{}")]


def _names_are_known(mutant, old, new, source):
    before, after = _NAMES.findall(old), _NAMES.findall(new)
    if _NUMBER in mutant.rule:  # there is none in uint8_t
        return before == after
    return set(after).difference(before, _NAMES_IN_RULES).issubset(source.names)


def _is_needed(code, following):
    """If the line is a part of a block, or declares what is named in the lines that follow."""
    declared = _DECLARATION.search(code)
    return any(_balance(code)) or declared and declared[1] in _NAMES.findall("".join(following))


def _can_jump(code, mutant, source):
    """If a `break` or `continue` may follow the line, and is reached."""
    return (code.rstrip().endswith((";", "{", "}")) and not _LEFT_ALREADY.search(code)
            and _in_loop(source.lines, mutant.line))


def _in_loop(lines, number):
    """If what follows the line is in a loop, by the indentation."""
    code = _code(lines[number - 1])
    if code.rstrip().endswith("{") and _LOOPS.search(code):
        return True
    least = _indentation(code)
    for line in reversed(lines[:number - 1]):
        if line.strip() and _indentation(line) < least:
            if _LOOPS.search(_code(line)):
                return True
            least = _indentation(line)
    return False


def _indentation(line):
    return len(line) - len(line.lstrip())
