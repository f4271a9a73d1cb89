"""Counts the words of a file: app.py WORDS RESULT."""

import collections
import json
import sys


def main(words_path, result_path):
    with open(words_path, encoding="utf-8") as words:
        counts = collections.Counter(words.read().split())
    with open(result_path, "w", encoding="utf-8") as result:
        json.dump(dict(counts.most_common()), result, indent=2)
    word, count = counts.most_common(1)[0]
    print(f"{sum(counts.values())} words, {len(counts)} different; '{word}' {count} times")


if __name__ == "__main__":
    main(*sys.argv[1:])
