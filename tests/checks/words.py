#!/usr/bin/env python3
"""Pages use the words of the field: phrases that read like a translation, or that name what is not there, do not come back.

The pages are the README and its neighbours, docs/ without the decisions in docs/adr, and the READMEs of providers and samples. Code, quoted or in blocks,
generated parts, and the first sentence behind "Means:" in docs/operations.md are left out, since those words are the program's. docs/glossary.md has the
words to use.
"""

import re

import documents
import repository

PAGES = r"^(README|CONTRIBUTING|SECURITY)\.md$|^docs/[^/]+\.md$|^(providers/[^/]+|config/samples)/README\.md$"
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
    (r"\brender kubelet\b", "nothing: there is no such command"),
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


def problems(root):
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


if __name__ == "__main__":
    repository.main(problems)
