#!/usr/bin/env python3
"""Pages and code use the words of the field: phrases that read like a translation, or that name what does not exist, do not come back.

Pages are the README and its neighbours, docs/ without the decisions in docs/adr, and the READMEs of providers and samples. Code, quoted or in blocks,
generated parts, and the first sentence after "Means:" in docs/operations.md are left out, since those words are the program's.

Of code the comments, docstrings and string literals are searched, never identifiers: C, C++, Python, Go, shell, CMake and YAML in FOLDERS. Data of tests
(corpora, vectors, scenarios' files) and sources of others are left out. Lines of C and C++, where clang-format leaves
comments and literals alone, and comments of other languages have at most WIDTH columns.

docs/glossary.md has the words to use.
"""

import io
import re
import tokenize

import documents
import repository

PAGES = r"^(README|CONTRIBUTING|SECURITY)\.md$|^docs/(?:(?:registries|nodes|migration)/)?[^/]+\.md$|^(providers/[^/]+|config/samples)/README\.md$"
# (phrase, what to write instead). In any case; paragraphs are searched as one line.
PHRASES = [
    (r"(?<!there )\bis no (?!longer|more)", "is not a"),
    (r"\bhas not the\b", "does not have the"),
    (r"\b(?:some|any|every|no)body\b", "the user, the caller, the operator"),
    (r"\b(?:he|his|him|himself)\b", "the user's name or role"),
    (r"\brooms?\b", "layer, space"),
    (r"\bstanding password", "long-lived password"),
    (r"\bstands? (?:again|in|on|at|under|there|behind|before|beside)\b", "is in"),
    (r"\bas (?:it|they) stands?\b", "as it is"),
    (r"\blies? (?:in|on|at|under|below|there)\b", "is in"),
    (r"\banew\b", "again"),
    (r"\bbut for\b", "except"),
    (r"\ball the same\b", "nevertheless"),
    (r"\b(?:a|the) stranger\b", "without a credential"),
    (r"\bof (?:yours|ours|theirs|others)\b", "your own, other"),
    (r"\bis it ours\b", "verify the download"),
    (r"\bthr(?:ow|ows|own) away\b", "discard"),
    (r"\bpast (?:its|their) end\b", "past its expiry"),
    (r"\bthe life of (?:a|the) (?:token|credential)", "the lifetime"),
    (r"\bin line \d", "at line"),
    (r"\b(?:the|its) time (?:for \w+ )?(?:is|was) over\b", "exceeded its deadline"),
    (r"\bnonsense\b", "invalid"),
    (r"\bfrom nothing\b", "for a first run"),
    (r"\bthe way of a\b", "the path of a"),
    (r"\bthe broker's file\b", "the broker file"),
    (r"\bcannot be: ", "not supported: "),
]
# What is searched as code.
FOLDERS = ("core", "compat", "providers", "cmake", "config", "tests", "quickstart.sh", "CMakeLists.txt")
# Data, sources of others, and the lists of this check with its tests.
EXCLUDED = r"^tests/fuzz/corpus/|/vectors/|^tests/scenarios/(cases|defaults)/|^config/build/patches/|^tests/checks/(words|checks_test)\.py$"
WIDTH = 150
# As PHRASES, for code: what the program says and what its comments say.
CODE_PHRASES = PHRASES + [
    (r"\b(?:is|are) no (?!longer\b|more\b|less\b|problems?\b|other\b|such\b)(?<!there is no )(?<!there are no )", "is not a"),
    (r"\bha(?:s|ve) not (?:the|an?|any|yet the)\b", "does not have"),
    (r"\bwhoever\b", "the caller, the user, the process that"),
    (r"\b(?:holds|held) (?:a|an|no|the|more|only|what|white|'|\"|U\+)", "contains"),
    (r"\bstands? (?:for the whole|again|twice|in|on|at|under|there|behind|before|beside|between|so)\b", "is in, is at, occurs"),
    (r"\b(?:must|may|can|to) stand\b", "must be, may be"),
    (r"\bwants? (?:a|an|the|spaces|that|to be|it)\b(?<!operator wants to)", "requires, expects"),
    (r"(?<!the )\bbroker's file\b", "broker file"),
    (r"\ban? text\b(?! (?:file|table|form|field|editor|segment))|\btexts\b(?= of JSON| of YAML)", "a string"),
    (r"\bwhite space\b(?= only)", "only whitespace"),
    (r"\bnames no (?!other)", "does not name a"),
    (r"\bit (?:has|is) anew\b|\bmade anew\b", "again, for each run"),
    (r"\bof (?:its|their|his) own\b(?= affair)", "the machine's"),
    (r"\b(?:person|people)(?:'s)?\b", "user, operator, reader"),
    (r"\bour own bug\b", "a bug in the program"),
    (r"\bwell-formed text\b", "valid UTF-8"),
    (r"\ba bug of ours\b", "a bug in the program"),
    (r"\bnothing of ours\b", "not the program's"),
    (r"\bit dies\b|\bwhen (?:it|they) dies?\b", "it is destroyed"),
    (r"\bcounts? for nothing\b", "is ignored"),
    (r"\bpassed over\b", "ignored, skipped"),
    (r"\bthe one door\b", "the only component"),
    (r"\bwhat became of\b", "the result of"),
    (r"\blies\b", "is"),
    (r"\bno proper\b", "an invalid"),
    (r"\bsays? not\b", "does not say"),
    (r"\bnot here again\b|\bhere again; before\b", "duplicate; first defined at line N"),
    (r"\bneither more closely\b", "equally specific"),
    (r"\bno pattern for\b", "not a valid pattern for"),
    (r"\bsmall letters?\b", "lowercase letters"),
    (r"\bcapitals?\b(?! letter)|\bcapital letters?\b", "uppercase letters"),
    (r"\btook too long: no end after\b", "timed out after"),
    (r"\bsave that\b|\bsave for\b", "except that"),
    (r"\bhas no proper\b", "has an invalid"),
    (r"\bnames no moment\b", "is not a valid date"),
    (r"\bthe other side(?:'s)?\b", "the server, the peer"),
    (r"\bbroke the connection off\b", "reset the connection"),
    (r"\bno time was left\b", "timed out: no time was left"),
    (r"\bthere is no such name\b", "no such host"),
    (r"\bfor the moment\b", "temporarily"),
    (r"\basking for a tunnel\b", "requesting a tunnel"),
    (r"\b(?:was|were|is|are) (?:not )?asked for\b", "was requested, was not requested"),
    (r"\bthat (?:is|are) wanted\b", "requested"),
    (r"\bis spoken to\b", "requires, uses"),
    (r"\blet the proxy\b", "allow it at the proxy"),
    (r"\bin PEM form\b", "in PEM format"),
    (r"\b(?:file|path|text|value|name|password|answer)s? holds?\b|\bholds no\b", "contains, contains no"),
    (r"\bis trusted here\b", "trusted by this node"),
    (r"\bis not known here\b", "is signed by an unknown authority"),
    (r"\bif that is meant to be\b", "if that is intended"),
    (r"\bthe answer of\b(?! a| each)", "the answer from"),
    (r"\bends TLS\b", "terminates TLS"),
    (r"\bbroke the rules of\b", "violated"),
    (r"\bif this stays\b", "if this persists"),
    (r"\basked to slow down\b", "throttled the request"),
    (r"\bhanded over what cannot be used\b", "returned an unusable value"),
    (r"\bin seconds since 1970\b", "Unix time in seconds"),
    (r"\bshares text with a secret\b", "contains part of a secret"),
    (r"\btell its author\b", "report it to the author"),
    (r"\bis cut short\b", "is truncated"),
    (r"\btable of names\b", "string table"),
    (r"\bfolders? for modules\b", "module folder"),
    (r"\bspeaks version\b", "uses version"),
    (r"\bcontract for modules\b", "module contract"),
    (r"\bcalls itself\b", "has the name"),
    (r"\bit cannot work here\b", "it cannot work on this node"),
    (r"\blet an exception escape\b", "threw an exception"),
    (r"\bfor another machine\b", "for another architecture"),
    (r"\bdid not take the output\b", "did not accept the output"),
    (r"\bwith room\b", "with free space"),
    (r"\blook at (?:what|the other)\b", "check"),
    (r"\btrad(?:e|es|ed) (?:the|for|at|a)\b", "exchange"),
    (r"\bmove expiresAt\b", "update expiresAt"),
    (r"\bwhen the credential ends\b", "when the credential expires"),
    (r"\b(?:came|comes?) of (?:it|the call|an address)\b", "the result"),
    (r"\bbelieved in nothing\b", "untrusted"),
    (r"\bthe time (?:is up|left)\b", "the deadline has passed, the remaining time"),
    (r"\bfound out\b", "detected"),
    (r"\bcan be told from\b", "can be distinguished from"),
    (r"\bwhile it lives\b", "during its lifetime"),
    (r"\blikewise\b", "the same"),
    (r"\bmend(?:s|ed|ing)?\b", "fix, correct"),
    (r"\bis not YAML\b", "invalid YAML"),
]
GENERATED_BEGIN = re.compile(r"<!-- .*: begin -->$")
GENERATED_END = re.compile(r"<!-- .*: end -->$")


def paragraphs(lines):
    """Prose as (number of its first line, text), without quoted code."""
    found, open_paragraph = [], False
    for number, text in lines:
        if not text.strip():
            open_paragraph = False
            continue
        text = re.sub(r"`[^`]*`", "`code`", re.sub(r"^\*\*Means:\*\* [^.]*\.", "**Means:**", text.strip()))
        if open_paragraph and not re.match(r"[-*|#]|\d+\. ", text):
            found[-1] = (found[-1][0], f"{found[-1][1]} {text}")
        else:
            found.append((number, text))
        open_paragraph = True
    return found


def hand_written(lines):
    kept, generated = [], False
    for number, text in lines:
        if GENERATED_BEGIN.search(text):
            generated = True
        elif GENERATED_END.search(text):
            generated = False
        elif not generated:
            kept.append((number, text))
    return kept


def small_beginnings(lines):
    """The numbers of lines that go on after a block of code as if it were a part of their sentence."""
    found, in_block, after_block = [], False, False
    for number, text in lines:
        if documents.FENCE.match(text):
            in_block = not in_block
            after_block = not in_block
        elif not in_block and text.strip():
            if after_block and re.match(r"\s*[a-z]", text):
                found.append(number)
            after_block = False
    return found


def split_c(text):
    """(line, comment or literal) of C, C++, Go and Rust; a comment of several `//` lines, and literals that follow each other, are one."""
    found = []
    token = re.compile(r"//[^\n]*|/\*.*?\*/|R\"([^(\"\n]*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'|`[^`]*`", re.DOTALL)
    end = kind = None
    for match in token.finditer(text):
        line, word = text.count("\n", 0, match.start()) + 1, match[0]
        if word.startswith("'"):
            continue
        own_line = not text[text.rfind("\n", 0, match.start()) + 1:match.start()].strip()
        this = "comment" if word.startswith("//") and own_line else "literal" if word.startswith('"') else None
        between = text[end:match.start()] if end is not None else None
        body = word[2:] if word.startswith("//") else word[1:-1] if word.startswith(('"', "`")) else word
        if this is not None and this == kind and not between.strip():
            found[-1] = (found[-1][0], found[-1][1] + (" " if this == "comment" else "") + body)
        else:
            found.append((line, body))
        end, kind = match.end(), this
    return found


def split_python(text):
    """The same of Python."""
    found, last = [], None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in (tokenize.COMMENT, tokenize.STRING):
                continue
            line, body = token.start[0], token.string.lstrip("#rbfRBF").strip("\"'")
            if token.type == tokenize.COMMENT and last == line - 1 and token.line.lstrip().startswith("#"):
                found[-1] = (found[-1][0], f"{found[-1][1]} {body}")
            else:
                found.append((line, body))
            last = line if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#") else None
    except (tokenize.TokenError, IndentationError):
        pass
    return found


def split_hash(text):
    """The same of shell, CMake and YAML: whole lines of comments, comments behind a blank, and strings in double quotes."""
    found, last = [], None
    for number, line in enumerate(text.splitlines(), 1):
        comment = re.match(r"\s*#(?!!)(.*)", line)
        if comment:
            if last == number - 1:
                found[-1] = (found[-1][0], f"{found[-1][1]} {comment[1]}")
            else:
                found.append((number, comment[1]))
            last = number
            continue
        found += [(number, literal) for literal in re.findall(r'"((?:\\.|[^"\\])*)"', line)]
        behind = re.search(r"\s#\s(.*)", line)
        if behind:
            found.append((number, behind[1]))
    return found


SPLITTERS = {**dict.fromkeys((".cpp", ".hpp", ".c", ".h", ".in", ".go", ".rs"), split_c), ".py": split_python,
             **dict.fromkeys((".sh", ".cmake", ".txt", ".yaml", ".yml"), split_hash)}


def is_code(path, folders):
    """Whether a file is searched as code."""
    name = path.as_posix()
    return (any(name == folder or name.startswith(f"{folder}/") for folder in folders) and not re.search(EXCLUDED, name)
            and path.suffix in SPLITTERS and (path.suffix != ".txt" or path.name == "CMakeLists.txt"))


def code_problems(root, folders=FOLDERS):
    """`folders`: for tests, or to see what is left elsewhere, other folders."""
    found = []
    for path in repository.files(root):
        if not is_code(path, folders):
            continue
        lines = repository.lines(root, path)
        splitter = SPLITTERS[path.suffix]
        for number, text in splitter("\n".join(line for _, line in lines) + "\n"):
            text = re.sub(r"\s+", " ", re.sub(r"\n\s*\*", "\n", text))
            places = set()
            for phrase, instead in CODE_PHRASES:
                seen = re.search(phrase, text, re.IGNORECASE)
                if seen and seen.start() not in places:
                    places.add(seen.start())
                    found.append(f"{path}:{number}: says '{seen[0].strip()}'; write: {instead}")
        for number, text in lines:
            if len(text) > WIDTH and (splitter is split_c or re.match(r"\s*#", text)):
                found.append(f"{path}:{number}: a line of {len(text)} columns; break it at {WIDTH}")
    return found


def page_problems(root):
    found = []
    for path in repository.files(root, r"\.md$"):
        if not re.search(PAGES, path.as_posix()):
            continue
        lines = hand_written(repository.lines(root, path))
        for number in small_beginnings(lines):
            found.append(f"{path}:{number}: begins with a small letter after a block of code; begin a sentence")
        for number, text in paragraphs(documents.split(lines)[0]):
            for phrase, instead in PHRASES:
                seen = re.search(phrase, text, re.IGNORECASE)
                if seen:
                    found.append(f"{path}:{number}: says '{seen[0].strip()}'; write: {instead}")
    return found


def problems(root):
    return page_problems(root) + code_problems(root)


if __name__ == "__main__":
    repository.main(problems)
