#include "render/pool/process_renderer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iterator>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/captured_log.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::soon;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// A process that has no more descriptors than so many, for a while.
class FewDescriptors {
 public:
  explicit FewDescriptors(std::size_t most) {
    getrlimit(RLIMIT_NOFILE, &usual_);
    const rlimit few{most, usual_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &usual_); }

  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit usual_{};
};

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

RenderTerms terms() {
  RenderTerms terms;
  terms.context.untrusted.svg = true;
  terms.unasked.memory = 64 << 20;
  return terms;
}

// As "limit" tells it. Under a sanitizer there is none.
std::string limit_of(std::int64_t job) {
#ifdef IMAGESERVER_SANITIZED
  static_cast<void>(job);
  return std::to_string(RLIM_INFINITY);
#else
  return std::to_string(kIdleRendererMemory + job);
#endif
}

class ProcessRendererTest : public ::testing::Test {
 protected:
  // What the fake renderer makes of it (fake_renderer.cc).
  Result<ImagePtr> ask(const std::string& what, const std::stop_token& stop = {},
                       const Admit& admit = {}) {
    return renderer_.picture(Bytes::copy(what), {}, {}, stop, admit);
  }

  // What it says of itself in an error.
  std::string told(const std::string& what) { return ask(what).error().message; }

  void expect_error(ErrorKind kind, const std::string& what) {
    const auto result = ask(what);
    ASSERT_TRUE(result.has_error()) << what;
    EXPECT_EQ(result.error().kind, kind) << what;
  }

  // The result of a job that nobody waits for after so long.
  Result<ImagePtr> stopped_after(milliseconds time, const std::string& what) {
    std::stop_source stop;
    const std::jthread other([&] {
      std::this_thread::sleep_for(time);
      stop.request_stop();
    });
    return ask(what, stop.get_token());
  }

  ProcessRenderer renderer_{terms(), IMAGESERVER_FAKE_RENDERER};
};

TEST_F(ProcessRendererTest, APictureComes) {
  const auto result = ask("picture");
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ((*result)->data.view(), "GIF89a and so on");
  EXPECT_EQ((*result)->format, Format::kGif);
}

TEST_F(ProcessRendererTest, APictureThatIsTheOriginalIsItsMemory) {
  const Bytes source = Bytes::copy("GIF89a itself");
  const auto result = renderer_.picture(source, {}, {}, {}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ((*result)->data.data(), source.data());
}

TEST_F(ProcessRendererTest, OneProcessDoesManyJobs) {
  const std::string first = told("process");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(told("process"), first);
}

TEST_F(ProcessRendererTest, AShortOriginalAfterALongOneIsNotLonger) {
  EXPECT_EQ(ask(std::string(20U << 20U, 'x')).error().message, "what?");
  EXPECT_EQ(told("source size"), "11");
}

TEST_F(ProcessRendererTest, AnOriginalThatIsTooLargeIsRefused) {
  const std::string too_large((20U << 20U) + 1, 'x');
  expect_error(ErrorKind::kUnprocessable, too_large);
  const auto under_it =
      renderer_.picture(Bytes::copy("picture"), {}, Bytes::copy(too_large), {}, {});
  ASSERT_TRUE(under_it.has_error());
  EXPECT_EQ(under_it.error().kind, ErrorKind::kUnprocessable);
}

TEST_F(ProcessRendererTest, ARendererOfAnUntrustedFileDoesOneJob) {
  const auto process = [this](const char* watermark) {
    return renderer_.picture(Bytes::copy("process"), {}, Bytes::copy(watermark), {}, {})
        .error()
        .message;
  };
  EXPECT_EQ(process("GIF89a"), process("GIF89a"));
  EXPECT_NE(process("<svg/>"), process("<svg/>"));
}

TEST_F(ProcessRendererTest, WhatKillsItsRendererTwiceIsTheFilesFault) {
  for (const char* what :
       {"die", "exit", "stop", "nonsense", "too much", "flood", "ready", "impossible ask 0",
        "impossible ask 1", "impossible ask 2", "impossible ask 3"})
    expect_error(ErrorKind::kDeadly, what);
  EXPECT_EQ(ask("die").error().message, "the picture cannot be read");
  EXPECT_TRUE(ask("picture").has_value());
}

TEST_F(ProcessRendererTest, WhatOneJobHasSaidIsNotCountedWithTheNext) {
  const std::string before = told("process");
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(ask("log").has_value());
  EXPECT_EQ(told("process"), before);
}

TEST_F(ProcessRendererTest, WhatOneJobHasUsedIsNotCountedWithTheNext) {
  EXPECT_TRUE(ask("use 90 MiB").has_value());
  expect_error(ErrorKind::kDeadly, "die");
  EXPECT_EQ(renderer_.stats().died, 2U);
}

TEST_F(ProcessRendererTest, OneThatKeepsMuchMemoryIsReplaced) {
  const std::string before = told("process");
  EXPECT_TRUE(ask("keep 110 MiB").has_value());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(ask("picture").has_value());
  EXPECT_NE(told("process"), before);
  EXPECT_EQ(renderer_.stats().recycled, 1U);
}

TEST_F(ProcessRendererTest, ARendererHasNothingOfOurs) {
  sigset_t one;
  sigset_t usual;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &one, &usual);
  const auto handler = std::signal(SIGUSR2, SIG_IGN);
  const int open = ::open("/dev/null", O_RDONLY);  // NOLINT: it is to be inherited
  {
    ProcessRenderer renderer(terms(), IMAGESERVER_FAKE_RENDERER);
    EXPECT_EQ(renderer.picture(Bytes::copy("surroundings"), {}, {}, {}, {}).error().message,
              "descriptors 0 1 2 3 4, a session of its own, no environment");
  }
  close(open);
  std::signal(SIGUSR2, handler);
  pthread_sigmask(SIG_SETMASK, &usual, nullptr);
}

TEST_F(ProcessRendererTest, ARendererThatDiedWhileItWaitedCostsNothing) {
  const auto pid = std::stoi(told("process"));
  for (const int signal : {SIGKILL, SIGSTOP}) {
    kill(signal == SIGKILL ? pid : std::stoi(told("process")), signal);
    EXPECT_TRUE(ask("picture").has_value());
  }
}

// Nothing is asked for meanwhile.
TEST_F(ProcessRendererTest, ARendererThatEndsWhileItWaitsIsReplaced) {
  for (const int signal : {SIGKILL, SIGSTOP}) {
    const pid_t before = std::stoi(told("process"));
    const std::size_t descriptors = open_descriptors();
    kill(before, signal);
    EXPECT_TRUE(soon([&] { return kill(before, 0) != 0; })) << "it is waited for";
    EXPECT_TRUE(soon([&] { return open_descriptors() == descriptors; })) << "there is another";
    EXPECT_TRUE(ask("picture").has_value());
  }
}

TEST_F(ProcessRendererTest, WhoGivesAnAnswerThatIsNoneIsReplaced) {
  for (const char* what : {"other format", "odd frames", "odd error", "odd message"})
    expect_error(ErrorKind::kDeadly, what);
}

TEST_F(ProcessRendererTest, WhatTakesTooMuchMemoryTwiceIsTheFilesFault) {
  for (const char* what : {"no memory", "error of memory"}) {
    const RendererStats before = renderer_.stats();
    expect_error(ErrorKind::kNeedsMemory, what);
    EXPECT_EQ(renderer_.stats().renders, before.renders + 2) << what;
    EXPECT_EQ(renderer_.stats().out_of_memory, before.out_of_memory + 2) << what;
    EXPECT_EQ(renderer_.stats().started, before.started + 2) << what;
  }
}

TEST_F(ProcessRendererTest, OneThatDiesNearItsLimitHadNoMemory) {
  expect_error(ErrorKind::kNeedsMemory, "die of 110 MiB");
  expect_error(ErrorKind::kDeadly, "die of 10 MiB");
}

TEST_F(ProcessRendererTest, DeathsAreCountedAndLoggedWithTheName) {
  testing::CapturedLog log;
  TransformSpec spec;
  spec.source = "folder/a.jpg";
  EXPECT_TRUE(renderer_.picture(Bytes::copy("die"), spec, {}, {}, {}).has_error());
  EXPECT_EQ(renderer_.stats().died, 2U);
  EXPECT_THAT(::testing::PrintToString(log.take()),
              HasSubstr("folder/a.jpg: a renderer died of it"));
}

TEST_F(ProcessRendererTest, MemoryThatIsAllowedIsGivenForOneJob) {
  const std::string before = told("process");
  EXPECT_EQ(told("limit"), limit_of(64 << 20));
  EXPECT_EQ(told("ask for 100 MiB"), limit_of(100 << 20));
  EXPECT_NE(told("process"), before) << "it would keep the memory";
  EXPECT_EQ(told("limit"), limit_of(64 << 20));
}

TEST_F(ProcessRendererTest, ALimitDoesNotSink) {
  const std::string before = told("process");
  EXPECT_EQ(told("ask for 10 MiB"), limit_of(64 << 20));
  EXPECT_EQ(told("process"), before) << "it has no more than others";
  const auto no = [](const Demand&) { return false; };
  EXPECT_EQ(ask("ask for 100 MiB", {}, no).error().message, limit_of(64 << 20));
}

// It asks once more after a no, as one does that works for somebody else, and does not leave.
TEST_F(ProcessRendererTest, ANoHoldsForTheWholeJob) {
  int asked = 0;
  const auto no = [&](const Demand&) { return ++asked > 1; };
  EXPECT_EQ(ask("ask twice", {}, no).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(asked, 1);
}

TEST_F(ProcessRendererTest, WhoDoesNotLeaveAfterANoIsEnded) {
  const auto no = [](const Demand&) { return false; };
  const std::string before = told("process");
  EXPECT_EQ(ask("ask and stay", {}, no).error().kind, ErrorKind::kCancelled);
  EXPECT_NE(told("process"), before);
}

TEST_F(ProcessRendererTest, WhoDiesAfterANoIsNotTriedAgain) {
  const auto no = [](const Demand&) { return false; };
  EXPECT_EQ(ask("ask and die", {}, no).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(ask("ask and have no memory", {}, no).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(renderer_.stats().renders, 2U);
}

TEST_F(ProcessRendererTest, AJobHasAnEndHoweverManyWait) {
  RenderTerms short_of_time = terms();
  short_of_time.longest = milliseconds(100);
  ProcessRenderer renderer(short_of_time, IMAGESERVER_FAKE_RENDERER);
  EXPECT_EQ(renderer.picture(Bytes::copy("hang"), {}, {}, {}, {}).error(),
            (Error{ErrorKind::kDeadlineExceeded, "out of time"}));
  EXPECT_EQ(renderer.stats().late, 1U);
}

TEST_F(ProcessRendererTest, OneIsReplacedAfterItsJobs) {
  RenderTerms three = terms();
  three.recycle = 3;
  ProcessRenderer renderer(three, IMAGESERVER_FAKE_RENDERER);
  std::vector<std::string> processes;
  for (int i = 0; i < 6; ++i)
    processes.push_back(renderer.picture(Bytes::copy("process"), {}, {}, {}, {}).error().message);
  EXPECT_EQ(std::set<std::string>(processes.begin(), processes.begin() + 3).size(), 1U);
  EXPECT_NE(processes[2], processes[3]);
  EXPECT_EQ(processes[3], processes[5]);
  EXPECT_EQ(renderer.stats().recycled, 2U);
}

TEST_F(ProcessRendererTest, WhatARendererLogsIsLogged) {
  testing::CapturedLog log;
  EXPECT_TRUE(ask("log").has_value());
  EXPECT_THAT(log.take(), ElementsAre("warning renderer: a line"));
  EXPECT_TRUE(ask("log of little").has_value());
  EXPECT_THAT(log.take(), IsEmpty()) << "that is for who looks for faults";
  EXPECT_TRUE(ask("odd log").has_value());
  EXPECT_THAT(log.take(), ElementsAre("warning renderer: ?" + std::string(499, 'x')));
}

TEST_F(ProcessRendererTest, WorkIsAskedFor) {
  std::vector<Demand> demands;
  const auto yes = [&](const Demand& demand) {
    demands.push_back(demand);
    return true;
  };
  EXPECT_TRUE(ask("ask", {}, yes).has_value());
  EXPECT_THAT(demands, ElementsAre(Demand{1234, 5678}));
  const std::string before = told("process");
  EXPECT_EQ(ask("ask", {}, [](const Demand&) { return false; }).error().kind,
            ErrorKind::kCancelled);
  EXPECT_EQ(told("process"), before) << "a renderer that is told to leave lasts";
  EXPECT_TRUE(ask("ask", {}, yes).has_value()) << "the next job is another";
}

// It has 50 ms, which a busy machine may not give it: it is tried a few times.
TEST_F(ProcessRendererTest, OneThatLeavesWhenItIsToldToLasts) {
  bool lasted = false;
  for (int i = 0; i < 20 && !lasted; ++i) {
    const std::string before = told("process");
    EXPECT_EQ(stopped_after(milliseconds(30), "leave").error().kind, ErrorKind::kCancelled);
    lasted = told("process") == before;
  }
  EXPECT_TRUE(lasted);
}

TEST_F(ProcessRendererTest, OneThatDoesNotLeaveIsEnded) {
  const std::string before = told("process");
  EXPECT_EQ(stopped_after(milliseconds(30), "hang").error().kind, ErrorKind::kCancelled);
  EXPECT_NE(told("process"), before);
  EXPECT_EQ(renderer_.stats().left, 1U);
}

TEST_F(ProcessRendererTest, NothingBeginsThatNobodyWaitsFor) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(ask("die", stop.get_token()).error().kind, ErrorKind::kCancelled);
}

TEST_F(ProcessRendererTest, ProcessorTimeOfAnUntrustedFileIsAskedForAfterASecond) {
  std::vector<std::int64_t> amounts;
  const auto no = [&](const Demand& demand) {
    amounts.push_back(demand.work);
    return false;
  };
  EXPECT_EQ(ask("<svg spins", {}, no).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(amounts.size(), 1U);
}

TEST_F(ProcessRendererTest, ProcessorTimeOfAnUntrustedFileIsBounded) {
  EXPECT_EQ(ask("<svg spins").error(),
            (Error{ErrorKind::kUnprocessable, "the picture takes too long to read"}));
  EXPECT_EQ(renderer_.stats().late, 1U);
}

TEST_F(ProcessRendererTest, NoDescriptorAndNoProcessIsLeftBehind) {
  const auto use = [] {
    ProcessRenderer renderer(terms(), IMAGESERVER_FAKE_RENDERER);
    for (const char* what : {"picture", "die", "nonsense"})
      static_cast<void>(renderer.picture(Bytes::copy(what), {}, {}, {}, {}));
  };
  use();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 5; ++i) use();
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ProcessRendererTest, ManyThreadsAskAtOnce) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n)
          if (ask(n % 5 == 4 ? "die" : "picture").has_value()) ++right;
      });
    }
  }
  EXPECT_EQ(right, 4 * 16);
}

// The fake renderer under another name, which says what is to be wrong with it.
class NamedRendererTest : public ::testing::Test {
 protected:
  std::string named(const char* name) const {
    const auto path = directory_.path() / name;
    std::filesystem::create_symlink(IMAGESERVER_FAKE_RENDERER, path);
    return path.string();
  }

  static RenderTerms requiring() {
    RenderTerms all = terms();
    all.sandbox = SandboxMode::kRequire;
    return all;
  }

  static Result<ImagePtr> ask(ProcessRenderer& renderer, const std::string& what) {
    return renderer.picture(Bytes::copy(what), {}, {}, {}, {});
  }

  const testing::TemporaryDirectory directory_;
};

constexpr const char* kGaps =
    "the sandbox of renderers lacks Landlock: this kernel or container has none; it lacks its "
    "filter of system calls (seccomp): this kernel or container refuses it (Operation not "
    "permitted)";

TEST_F(NamedRendererTest, WhatTheSandboxLacksIsSaidOnce) {
  ProcessRenderer renderer(terms(), named("bare_renderer"));
  ASSERT_FALSE(renderer.check_sandbox().has_error());
  testing::CapturedLog log;
  for (const char* what : {"picture", "exit", "picture"}) static_cast<void>(ask(renderer, what));
  EXPECT_THAT(log.take(), Contains(std::string("warning ") + kGaps).Times(1));
}

TEST_F(NamedRendererTest, WhereASandboxIsRequiredItHasToBeWhole) {
  ProcessRenderer bare(requiring(), named("bare_renderer"));
  const auto checked = bare.check_sandbox();
  ASSERT_TRUE(checked.has_error());
  EXPECT_EQ(checked.error(),
            (Error{ErrorKind::kInternal, std::string("--sandbox=require: ") + kGaps}));
  for (const char* what : {"picture", "<svg spins"}) {
    const auto asked = ask(bare, what);
    ASSERT_TRUE(asked.has_error()) << what;
    EXPECT_EQ(asked.error(), (Error{ErrorKind::kInternal, "the picture could not be made"}));
  }
  EXPECT_EQ(bare.stats().renders, 0U);

  ProcessRenderer whole(requiring(), IMAGESERVER_FAKE_RENDERER);
  EXPECT_FALSE(whole.check_sandbox().has_error());
  EXPECT_EQ(whole.stats().renders, 0U);
  EXPECT_TRUE(ask(whole, "picture").has_value());
}

TEST_F(NamedRendererTest, OneThatDoesNotStartHasNoSandbox) {
  for (const std::string& program : {std::string("/nowhere"), std::string("/bin/true")}) {
    ProcessRenderer renderer(requiring(), program);
    const auto checked = renderer.check_sandbox();
    ASSERT_TRUE(checked.has_error());
    EXPECT_EQ(checked.error().message, "--sandbox=require: imageserver-render does not start");
  }
}

// It says nothing, so it gets no file: who waits may still leave.
TEST_F(NamedRendererTest, OneThatDoesNotSayThatItIsReadyGetsNoFile) {
  ProcessRenderer renderer(terms(), named("silent_renderer"));
  std::stop_source stop;
  const std::jthread other([&] {
    std::this_thread::sleep_for(milliseconds(100));
    stop.request_stop();
  });
  const auto asked = renderer.picture(Bytes::copy("picture"), {}, {}, stop.get_token(), {});
  EXPECT_EQ(asked.error().kind, ErrorKind::kCancelled);
}

TEST(ProcessRendererStartTest, AProgramThatIsNotThereIsOurFault) {
  for (const char* program : {"/nowhere/imageserver-render", "/etc/passwd", "/", ""}) {
    ProcessRenderer renderer({}, program);
    EXPECT_EQ(renderer.picture(Bytes::copy("picture"), {}, {}, {}, {}).error().kind,
              ErrorKind::kInternal);
  }
  EXPECT_FALSE(has_children());
}

// Whatever of a renderer it is that finds no descriptor.
TEST(ProcessRendererStartTest, WithoutDescriptorsThePictureIsWorthAnotherTry) {
  const std::size_t before = open_descriptors();
  constexpr std::size_t kFirstFree = 3;
  int refused = 0;
  int made = 0;
  for (std::size_t most = kFirstFree; most < before + 12; ++most) {
    const FewDescriptors few(most);
    ProcessRenderer renderer({}, IMAGESERVER_FAKE_RENDERER);
    const auto result = renderer.picture(Bytes::copy("picture"), {}, {}, {}, {});
    result.has_value() ? ++made : ++refused;
    EXPECT_TRUE(result.has_value() || result.error().kind == ErrorKind::kBusy) << most;
  }
  EXPECT_GE(refused, 5);
  EXPECT_GE(made, 1);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_FALSE(has_children());
}

TEST(ProcessRendererStartTest, ProgramsThatAreNoRenderersAreSeen) {
  for (const char* program : {"/bin/true", "/bin/false", "/bin/cat"}) {
    ProcessRenderer renderer({}, program);
    EXPECT_EQ(renderer.picture(Bytes::copy("picture"), {}, {}, {}, {}).error(),
              (Error{ErrorKind::kInternal, "the picture could not be made"}))
        << program;
    EXPECT_EQ(renderer.stats().renders, 0U) << program;
  }
  EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace imageserver
