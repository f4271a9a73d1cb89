#pragma once

#include <optional>
#include <string>
#include <string_view>

/** What the agent answers to a hook. */
struct Answer {
  int exit;             // 0 to 255
  std::string text;     // for the job's log
  std::string summary;  // Markdown for the job's summary; empty: none
};

/**
 * Reads one JSON object whose values are strings and whole numbers: `exit` and `text`, perhaps
 * `summary`; other members are passed over. Nothing when it is anything else.
 */
std::optional<Answer> ParseAnswer(std::string_view json);
