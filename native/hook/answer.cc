#include "answer.h"

#include <cctype>
#include <cstdint>

namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr int kLargestExit = 255;
// Nine digits fit an int, and no exit code needs more.
constexpr size_t kMostDigits = 9;

void AppendUtf8(std::string& text, char32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(kLead[more] | code >> (6 * more));
  while (more-- > 0) text += static_cast<char>(0x80 | (code >> (6 * more) & 0x3f));
}

/** Takes from the front of the text; each method says whether what it wants was there. */
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool Take(char wanted) {
    SkipSpace();
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool AtEnd() {
    SkipSpace();
    return rest_.empty();
  }

  bool String(std::string& into) {
    if (!Take('"')) return false;
    into.clear();
    while (!rest_.empty()) {
      unsigned char next = rest_.front();
      rest_.remove_prefix(1);
      if (next == '"') return true;
      if (next < 0x20) return false;
      if (next != '\\') {
        into += static_cast<char>(next);
      } else if (!Escape(into)) {
        return false;
      }
    }
    return false;
  }

  bool Integer(int& into) {
    bool is_negative = Take('-');
    size_t digits = 0;
    into = 0;
    for (; digits < rest_.size() && isdigit(static_cast<unsigned char>(rest_[digits])); digits++) {
      if (digits == kMostDigits) return false;
      into = into * 10 + (rest_[digits] - '0');
    }
    bool has_leading_zero = digits > 1 && rest_.front() == '0';
    if (digits == 0 || has_leading_zero) return false;
    rest_.remove_prefix(digits);
    if (is_negative) into = -into;
    // A fraction or an exponent follows: no whole number.
    return rest_.empty() || (rest_.front() != '.' && rest_.front() != 'e' && rest_.front() != 'E');
  }

 private:
  void SkipSpace() {
    size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(first == rest_.npos ? rest_.size() : first);
  }

  // What follows a backslash.
  bool Escape(std::string& into) {
    if (rest_.empty()) return false;
    char kind = rest_.front();
    rest_.remove_prefix(1);
    if (kind == 'u') return Unicode(into);
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    size_t at = kNames.find(kind);
    if (at == kNames.npos) return false;
    into += kMeant[at];
    return true;
  }

  // The digits after \u, and those of a second half where the first asks for one.
  bool Unicode(std::string& into) {
    char32_t code;
    if (!Hex(code)) return false;
    bool is_half = code >= 0xd800 && code < 0xe000;
    if (is_half && !SecondHalf(code)) code = kReplacement;
    AppendUtf8(into, code);
    return true;
  }

  // Completes a pair. Takes nothing when the text has no second half: what is there stands for
  // itself.
  bool SecondHalf(char32_t& code) {
    if (code >= 0xdc00 || !rest_.starts_with("\\u")) return false;
    std::string_view before = rest_;
    rest_.remove_prefix(2);
    char32_t second;
    if (!Hex(second) || second < 0xdc00 || second >= 0xe000) {
      rest_ = before;
      return false;
    }
    code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
    return true;
  }

  bool Hex(char32_t& code) {
    constexpr size_t kDigits = 4;
    if (rest_.size() < kDigits) return false;
    code = 0;
    for (unsigned char digit : rest_.substr(0, kDigits)) {
      if (!isxdigit(digit)) return false;
      code = code << 4 | (isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10);
    }
    rest_.remove_prefix(kDigits);
    return true;
  }

  std::string_view rest_;
};

/** Which members were there, of those that must be. */
struct Found {
  bool exit = false;
  bool text = false;
};

bool Member(Parser& parser, Answer& answer, Found& found) {
  std::string name, text;
  if (!parser.String(name) || !parser.Take(':')) return false;
  if (name == "exit") {
    found.exit = true;
    return parser.Integer(answer.exit) && answer.exit >= 0 && answer.exit <= kLargestExit;
  }
  if (name == "text") {
    found.text = true;
    return parser.String(answer.text);
  }
  if (name == "summary") return parser.String(answer.summary);
  int number;
  return parser.String(text) || parser.Integer(number);
}

}  // namespace

std::optional<Answer> ParseAnswer(std::string_view json) {
  Parser parser(json);
  Answer answer{};
  Found found;
  if (!parser.Take('{')) return std::nullopt;
  do {
    if (!Member(parser, answer, found)) return std::nullopt;
  } while (parser.Take(','));
  if (!parser.Take('}') || !parser.AtEnd()) return std::nullopt;
  if (!found.exit || !found.text) return std::nullopt;
  return answer;
}
