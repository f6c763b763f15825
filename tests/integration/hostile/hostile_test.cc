// Files made to do harm, at a running program.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "image_corpus/hostile.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

constexpr const char* kUntrusted = "--untrusted-formats=svg,pdf,jxl";

// Placeholders in files of the corpus (CANARY_FILE and CANARY_PORT of scripts/make-corpus). Nothing
// is at these places: the test puts a file and a port of its own in them.
constexpr std::string_view kFilePlaceholder = "/tmp/imageserver-canary.png";
constexpr std::string_view kPortPlaceholder = "59999";

std::string replaced(std::string text, std::string_view from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// Listens, and knows whether anybody has come.
class Trap {
 public:
  Trap() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_.get(), any, size) != 0 || listen(socket_.get(), 8) != 0 ||
        getsockname(socket_.get(), any, &size) != 0) {
      throw std::runtime_error("no socket to listen on");
    }
    port_ = ntohs(address.sin_port);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] bool somebody_came() const {
    return UniqueFd(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)).get() >= 0;
  }

 private:
  UniqueFd socket_;
  std::uint16_t port_ = 0;
};

// Everything that the corpus holds, and room for what is made here.
class Originals {
 public:
  Originals() {
    std::filesystem::create_directory(files_.path() / "corpus");
    for (const auto& entry : std::filesystem::directory_iterator(testdata_path() / "corpus")) {
      if (entry.path().extension() == ".md") continue;
      std::filesystem::copy(entry.path(), files_.path() / "corpus");
      names_.push_back(entry.path().filename());
    }
    std::sort(names_.begin(), names_.end());
    std::filesystem::copy(testdata_path() / "medium.jpg", files_.path());
  }

  // All but those that end when their time is over and not before.
  [[nodiscard]] std::vector<std::string> ending() const { return those(false); }
  [[nodiscard]] std::vector<std::string> never_ending() const { return those(true); }

  [[nodiscard]] const TemporaryDirectory& directory() const { return files_; }
  [[nodiscard]] std::string flag() const { return "--source=" + files_.path().string(); }

 private:
  static std::filesystem::path testdata_path() { return IMAGESERVER_TESTDATA; }

  [[nodiscard]] std::vector<std::string> those(bool endless) const {
    std::vector<std::string> chosen;
    for (const std::string& name : names_) {
      if (never_ends(name) == endless) chosen.push_back(name);
    }
    return chosen;
  }

  const TemporaryDirectory files_;
  std::vector<std::string> names_;
};

// From the status of a process, in MiB; 0 if it has ended.
std::uint64_t megabytes(pid_t process, std::string_view name) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) return std::stoull(line.substr(name.size() + 1)) >> 10U;
  }
  return 0;
}

// Of the node and its renderers.
std::uint64_t megabytes(Node& node, std::string_view name) {
  std::uint64_t sum = megabytes(node.process().id(), name);
  for (const pid_t child : testing::children_of(node.process().id())) sum += megabytes(child, name);
  return sum;
}

struct Most {
  std::uint64_t peak = 0;  // MiB
  std::string name;
};

class Hostile : public ::testing::Test {
 protected:
  // One worker, so that what a render takes can be told; nothing is kept, so that nothing else is
  // measured; time enough for all who wait for that worker.
  void start(const Flags& more = {}) {
    Flags flags = {originals_.flag(), kUntrusted, "--workers=1", "--groupcache=0", "--timeout=50s"};
    flags.insert(flags.end(), more.begin(), more.end());
    node_ = std::make_unique<Node>(flags);
  }

  [[nodiscard]] Node& node() { return *node_; }
  [[nodiscard]] const Originals& originals() const { return originals_; }

  // Eight at a time.
  void ask_all(const std::vector<std::string>& targets) {
    constexpr int kInFlight = 8;
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> clients;
    for (int i = 0; i < kInFlight; ++i) {
      clients.emplace_back([&] {
        for (std::size_t at = next++; at < targets.size(); at = next++) ask(targets[at]);
      });
    }
  }

  void expect_alive() {
    ASSERT_TRUE(node().process().is_running());
    const Reply reply = node().get("/medium.jpg?width=100");
    ASSERT_EQ(reply.status, 200);
    EXPECT_EQ(decode(reply.body), (Picture{"jpeg", 100, 80, 1}));
  }

 private:
  void ask(const std::string& target) {
    try {
      const Reply reply = node().get(target);
      EXPECT_TRUE(reply.status == 200 || reply.status == 400 || reply.status == 422)
          << target << ": " << reply.status << ' ' << reply.body.substr(0, 200);
      const bool drawn = target.find("?width") != std::string::npos;
      if (reply.status == 200 && drawn) {
        EXPECT_NO_THROW(decode(reply.body)) << target;
      }
    } catch (const std::exception& error) {
      ADD_FAILURE() << target << ": " << error.what();
    }
  }

  const Originals originals_;
  std::unique_ptr<Node> node_;
};

TEST_F(Hostile, EachFileIsAPictureOrTheClientsError) {
  start();
  const std::vector<std::string> queries = {"?width=100", "", "?width=50&rotation=33&format=png",
                                            "?width=60&height=40&mode=fill&page=1",
                                            "?width=90&crop=2,3%7C50,40&format=webp"};
  const auto asked = std::min(queries.size(), static_cast<std::size_t>(1 + rounds()));
  std::vector<std::string> targets;
  std::size_t next = 0;
  for (const std::string& name : originals().ending()) {
    for (std::size_t i = 0; i < asked; ++i)
      targets.push_back("/corpus/" + name + queries[next++ % queries.size()]);
  }
  ask_all(targets);
  expect_alive();
}

TEST_F(Hostile, BombsUpToTheLimitsTakeABoundedPartOfTheMemory) {
  // Four times the pixels that a source may have, of four bytes each.
  constexpr std::uint64_t kAllowed = 4ULL * 50 * 1'000'000 * 4 >> 20U;
  start();
  expect_alive();
  const std::uint64_t idle = megabytes(node(), "VmRSS:");
  Most most;
  for (const auto& [name, make] : bombs()) {
    const auto file = originals().directory().write(name, make());
    ask_all({"/" + name, "/" + name + "?width=100", "/" + name + "?width=80&format=webp"});
    if (name.find("-49mp.") != std::string::npos) {
      EXPECT_EQ(node().get("/" + name + "?width=90").status, 200) << name;
    }
    std::filesystem::remove(file);
    const std::uint64_t peak = megabytes(node(), "VmHWM:");
    if (peak > most.peak) most = {peak, name};
  }
  std::cout << "idle: " << idle << " MiB, most: " << most.peak << " MiB, at " << most.name << '\n';
  // Sanitizers take what they like.
  if (!IMAGESERVER_HAS_SANITIZER) {
    EXPECT_LE(most.peak, idle + kAllowed) << most.name;
  }
  expect_alive();
}

TEST_F(Hostile, ADrawingWithoutEndIsEndedAtItsDeadline) {
  start({"--timeout=1s"});
  const auto renderers = testing::children_of(node().process().id()).size();
  for (const std::string& name : originals().never_ending()) {
    const Reply reply = node().get("/corpus/" + name + "?quality=50");
    EXPECT_TRUE(reply.status == 422 || reply.status == 504) << name << ": " << reply.status;
  }
  EXPECT_TRUE(eventually([&] {
    return testing::children_of(node().process().id()).size() == renderers;
  })) << "a process goes on with it";
  expect_alive();
}

// The processor time that it may take is over long before. A fast machine may be done within it.
TEST_F(Hostile, ADrawingWithoutEndIsAPictureOrRefused) {
  start({"--timeout=60s"});
  for (const std::string& name : originals().never_ending()) {
    const int status = node().get("/corpus/" + name + "?width=50").status;
    EXPECT_TRUE(status == 200 || status == 422) << name << ": " << status;
  }
  expect_alive();
}

// A file that asks for others: for a picture of a colour that nothing else has, and for an answer
// from a port.
class Reaching : public Hostile {
 protected:
  [[nodiscard]] std::string pointed_here(const std::string& name) const {
    const std::string file = (secret_.path() / "canary.png").string();
    return replaced(replaced(testdata("corpus/" + name), kFilePlaceholder, file), kPortPlaceholder,
                    std::to_string(trap_.port()));
  }

  [[nodiscard]] static bool reaches_out(const std::string& name) {
    return name.find("-reaching") != std::string::npos ||
           name.find("-entity-of-") != std::string::npos;
  }

  // As a bitmap has it: blue, green, red.
  [[nodiscard]] static bool shows_the_secret(const std::string& bitmap) {
    return bitmap.find("\x7B\x03\xFA") != std::string::npos;
  }

  void SetUp() override {
    secret_.write("canary.png", testdata("corpus/canary.png"));
    originals().directory().write("canary.png", testdata("corpus/canary.png"));
  }

  [[nodiscard]] const Trap& trap() const { return trap_; }

 private:
  const TemporaryDirectory secret_;
  const Trap trap_;
};

TEST_F(Reaching, NoPictureShowsAFileThatWasNotAskedFor) {
  start();
  ASSERT_TRUE(shows_the_secret(node().get("/canary.png?format=bmp").body))
      << "or it would not be seen";
  int drawn = 0;
  for (const std::string& name : originals().ending()) {
    if (!reaches_out(name)) continue;
    originals().directory().write("corpus/" + name, pointed_here(name));
    const Reply reply = node().get("/corpus/" + name + "?format=bmp&height=64");
    EXPECT_FALSE(shows_the_secret(reply.body)) << name;
    EXPECT_FALSE(trap().somebody_came()) << name;
    drawn += reply.status == 200 ? 1 : 0;
  }
  EXPECT_GE(drawn, 10) << "most are refused for other reasons: nothing is shown";
}

TEST_F(Reaching, TheTrapNoticesAConnection) {
  EXPECT_FALSE(trap().somebody_came());
  EXPECT_TRUE(can_connect(trap().port()));
  EXPECT_TRUE(trap().somebody_came());
}

}  // namespace
}  // namespace imageserver::testing
