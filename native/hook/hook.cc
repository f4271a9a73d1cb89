// The runner's job hook: asks the agent, prints what it says, ends as it says.
//
//   hook started|completed [--required] [SOCKET]
//
// Arguments come from a script that only root can write, and nothing that matters from the
// environment: a job can change that for the steps after it, and would answer itself from a socket
// of its own. The runner sets no time limit for a hook, so this program has one.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "answer.h"

namespace {

constexpr char kSocket[] = "/run/jobwarden/hook.sock";
constexpr size_t kLongestLine = 1 << 20;
constexpr int kStartedMs = 10'000;
constexpr int kCompletedMs = 15'000;
// How long an agent may take to come back that left its socket behind: it crashed, or restarts.
constexpr int kRestartMs = 3'000;
constexpr int kShortestPauseMs = 5;
constexpr int kLongestPauseMs = 200;
constexpr int kUsage = 64;  // EX_USAGE

struct Options {
  const char* name;
  const char* socket = kSocket;
  bool is_required = false;
  int limit_ms;
};

// What came of one attempt. `problem` is for people; empty when there is an answer.
struct Attempt {
  std::string line = {};
  std::string problem = {};
  bool may_try_again = false;
  bool is_absent = false;  // nobody listens
};

class Deadline {
 public:
  explicit Deadline(int limit_ms) : end_ms_(Now() + limit_ms) {}
  int LeftMs() const { return static_cast<int>(std::max<int64_t>(0, end_ms_ - Now())); }

 private:
  static int64_t Now() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  }
  int64_t end_ms_;
};

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string Because(const char* what, int err) { return std::string(what) + ": " + strerror(err); }

// Waits its turn when the agent's queue is full; the kernel serves those who wait in their order.
int Connect(int fd, const char* path, const Deadline& deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof(address.sun_path)) return ENAMETOOLONG;
  strcpy(address.sun_path, path);
  int left_ms = std::max(1, deadline.LeftMs());  // 0 would be no limit
  timeval left{left_ms / 1000, left_ms % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left));
  auto* name = reinterpret_cast<const sockaddr*>(&address);
  return connect(fd, name, sizeof(address)) == 0 ? 0 : errno;
}

// One line, without its end.
Attempt ReadLine(int fd, const Deadline& deadline) {
  Attempt got;
  char piece[65536];
  for (;;) {
    pollfd wanted{fd, POLLIN, 0};
    int ready = poll(&wanted, 1, deadline.LeftMs());
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return {.problem = "it did not answer in time"};
    ssize_t count = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) {
      // Without a word: it has no place for us now.
      return {.problem = "it closed the connection", .may_try_again = got.line.empty()};
    }
    const char* end = static_cast<const char*>(memchr(piece, '\n', count));
    got.line.append(piece, end ? end - piece : count);
    if (got.line.size() > kLongestLine) return {.problem = "its answer is longer than 1 MiB"};
    if (end) return got;
  }
}

Attempt Ask(const Options& options, const Deadline& deadline, bool was_absent) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return {.problem = Because("no socket", errno)};
  if (int err = Connect(socket.get(), options.socket, deadline)) {
    bool is_full = err == EAGAIN || err == EINTR;
    // It left its socket behind. When it is back it first takes that away.
    bool may_come = err == ECONNREFUSED || (err == ENOENT && was_absent);
    return {.problem = is_full ? "it has no time for this call" : Because(options.socket, err),
            .may_try_again = is_full || may_come,
            .is_absent = may_come};
  }
  std::string request = std::string("{\"hook\":\"") + options.name + "\"}\n";
  // The result does not matter: whether the agent took it or closed before shows in its answer.
  send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
  return ReadLine(socket.get(), deadline);
}

void Pause(int ms) {
  timespec time{ms / 1000, ms % 1000 * 1'000'000L};
  nanosleep(&time, nullptr);
}

// Asks until there is an answer, or no hope of one.
Attempt AskUntil(const Options& options) {
  Deadline deadline(options.limit_ms);
  Deadline restart(kRestartMs);
  bool was_absent = false;
  for (int pause_ms = kShortestPauseMs;; pause_ms = std::min(pause_ms * 2, kLongestPauseMs)) {
    Attempt attempt = Ask(options, deadline, was_absent);
    was_absent = attempt.is_absent;
    bool is_over = deadline.LeftMs() == 0 || (was_absent && restart.LeftMs() == 0);
    if (!attempt.may_try_again || is_over) return attempt;
    Pause(std::min(pause_ms, deadline.LeftMs()));
  }
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t count = write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(count);
  }
  return true;
}

// A job can have put anything in the place of this file, so it must be one: a pipe would never end.
int Append(const char* path, std::string_view text) {
  Descriptor file(open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                       0644));
  if (file.get() < 0) return errno;
  struct stat found;
  if (fstat(file.get(), &found) != 0) return errno;
  if (!S_ISREG(found.st_mode)) return EINVAL;
  return WriteAll(file.get(), text) ? 0 : errno;
}

void PrintLine(const std::string& line) { WriteAll(STDOUT_FILENO, line + "\n"); }

int Tell(const Answer& answer) {
  if (!answer.text.empty()) {
    bool is_ended = answer.text.back() == '\n';
    WriteAll(STDOUT_FILENO, answer.text + (is_ended ? "" : "\n"));
  }
  const char* path = getenv("GITHUB_STEP_SUMMARY");
  if (answer.summary.empty() || !path || !*path) return answer.exit;
  if (int err = Append(path, answer.summary)) {
    PrintLine("::warning title=jobwarden::" + Because("The job summary was not written", err) + ".");
  }
  return answer.exit;
}

int GiveUp(const Options& options, const std::string& problem) {
  bool is_start = strcmp(options.name, "started") == 0;
  std::string means = is_start ? "It is not known whether this job is traced."
                               : "What this job did is not reported here.";
  PrintLine(std::string(options.is_required ? "::error" : "::warning") +
            " title=jobwarden::The jobwarden agent gave no answer: " + problem + ". " + means);
  return options.is_required ? 1 : 0;
}

bool ReadArguments(int count, char** arguments, Options& options) {
  if (count < 2) return false;
  options.name = arguments[1];
  bool is_start = strcmp(options.name, "started") == 0;
  if (!is_start && strcmp(options.name, "completed") != 0) return false;
  options.limit_ms = is_start ? kStartedMs : kCompletedMs;
  int next = 2;
  options.is_required = next < count && strcmp(arguments[next], "--required") == 0;
  if (options.is_required) next++;
  if (next < count) options.socket = arguments[next++];
  return next == count;
}

}  // namespace

int main(int count, char** arguments) {
  Options options{};
  if (!ReadArguments(count, arguments, options)) {
    fputs("usage: hook started|completed [--required] [SOCKET]\n", stderr);
    return kUsage;
  }
  Attempt attempt = AskUntil(options);
  if (!attempt.problem.empty()) return GiveUp(options, attempt.problem);
  std::optional<Answer> answer = ParseAnswer(attempt.line);
  return answer ? Tell(*answer) : GiveUp(options, "it sent what is no answer");
}
