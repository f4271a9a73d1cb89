// Becomes the command when the agent says so. Until then it does nothing, so that it can be put into
// the job's control group before that group is traced: the first thing seen of a job is its command.
//
// Descriptor 3 tells what to run, to its end: the numbers of `Start`, then each argument and each
// variable, ended by NUL. These are bytes, because neither need be UTF-8.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

constexpr int kFrom = 3;
constexpr size_t kPiece = 65536;

// As in `env` and `timeout`.
constexpr int kOwnFailure = 125;
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

struct Start {
  uint64_t arguments;
  uint64_t variables;
  // What Node changes for itself and the command must have as it was.
  uint64_t open_files;       // soft limit; 0: as it is
  uint64_t ignored_signals;  // bit n - 1: signal n
};

// To the end; what came until then when reading fails.
std::vector<char> ReadAll() {
  std::vector<char> bytes;
  for (;;) {
    size_t used = bytes.size();
    bytes.resize(used + kPiece);
    ssize_t count = read(kFrom, bytes.data() + used, kPiece);
    bool is_over = count == 0 || (count < 0 && errno != EINTR);
    bytes.resize(used + (count > 0 ? count : 0));
    if (is_over) return bytes;
  }
}

// The next `count` texts, and a null pointer after them; shorter when the message ends before.
std::vector<char*> Texts(char*& next, char* end, uint64_t count) {
  std::vector<char*> texts;
  while (texts.size() < count) {
    char* nul = static_cast<char*>(memchr(next, '\0', end - next));
    if (!nul) break;
    texts.push_back(next);
    next = nul + 1;
  }
  texts.push_back(nullptr);
  return texts;
}

void Restore(const Start& start) {
  rlimit limit;
  if (start.open_files && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = start.open_files;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  for (int number = 1; number < NSIG && number <= 64; number++) {
    if (start.ignored_signals >> (number - 1) & 1) signal(number, SIG_IGN);
  }
}

}  // namespace

int main() {
  std::vector<char> message = ReadAll();
  Start start;
  if (message.size() < sizeof(start)) return kOwnFailure;
  memcpy(&start, message.data(), sizeof(start));
  char* next = message.data() + sizeof(start);
  char* end = message.data() + message.size();
  std::vector<char*> arguments = Texts(next, end, start.arguments);
  std::vector<char*> variables = Texts(next, end, start.variables);
  // The agent died or gave up in the middle, and has said so itself.
  bool is_whole = arguments.size() == start.arguments + 1 && variables.size() == start.variables + 1;
  if (!is_whole || start.arguments == 0) return kOwnFailure;

  close(kFrom);
  Restore(start);
  environ = variables.data();
  execvp(arguments[0], arguments.data());
  int err = errno;
  dprintf(2, "jobwarden: %s cannot be executed: %s.\n", arguments[0], strerror(err));
  return err == ENOENT ? kNotFound : kNotExecutable;
}
