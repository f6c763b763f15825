// The program as a person or a service manager sees it: flags, exit codes, signals.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

std::vector<std::string> words(const Flags& flags) {
  std::vector<std::string> all = {program()};
  all.insert(all.end(), flags.begin(), flags.end());
  return all;
}

bool is_one_line(const std::string& text) {
  return std::ranges::count(text, '\n') == 1 && text.back() == '\n';
}

bool is_ready(const Port& port) {
  return can_connect(port.number()) && get(port.number(), "/readyz").status == 200;
}

struct WrongFlag {
  Flags flags;
  std::string named;

  friend std::ostream& operator<<(std::ostream& out, const WrongFlag& wrong) {
    for (const std::string& flag : wrong.flags) out << flag << ' ';
    return out;
  }
};

class WrongFlags : public ::testing::TestWithParam<WrongFlag> {};

TEST_P(WrongFlags, EndWithOneLineThatNamesThem) {
  Process process(words(GetParam().flags));
  EXPECT_EQ(process.wait(), 2);
  EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr(GetParam().named));
  EXPECT_THAT(process.output(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongFlags,
    ::testing::Values(
        WrongFlag{{"--no-such-flag"}, "--no-such-flag"}, WrongFlag{{"-htpp=:8081"}, "--htpp"},
        WrongFlag{{"--http"}, "--http"}, WrongFlag{{"--http=8081"}, "--http"},
        WrongFlag{{"-http=:99999"}, "--http"}, WrongFlag{{"--groupcache=many"}, "--groupcache"},
        WrongFlag{{"-groupcache-peers=:8082,x y"}, "--groupcache-peers"},
        WrongFlag{{"--groupcache-peers=:0"}, "--groupcache-peers"},
        WrongFlag{{"--groupcache-self=?"}, "--groupcache-self"},
        WrongFlag{{"--source=/no/such/directory"}, "--source"},
        WrongFlag{{"--source="}, "--source"}, WrongFlag{{"--workers=-1"}, "--workers"},
        WrongFlag{{"--io-threads=x"}, "--io-threads"}, WrongFlag{{"--queue=-1"}, "--queue"},
        WrongFlag{{"--answer-bytes=0"}, "--answer-bytes"},
        WrongFlag{{"--max-connections=many"}, "--max-connections"},
        WrongFlag{{"--timeout=10"}, "--timeout"}, WrongFlag{{"--timeout=0s"}, "--timeout"},
        WrongFlag{{"--peer-timeout", "soon"}, "--peer-timeout"},
        WrongFlag{{"--max-age=-1"}, "--max-age"}, WrongFlag{{"--drain=-1s"}, "--drain"},
        WrongFlag{{"--groupcache-ring=round"}, "--groupcache-ring"},
        WrongFlag{{"--groupcache-policy=fifo"}, "--groupcache-policy"},
        WrongFlag{{"--groupcache-listen=8081"}, "--groupcache-listen"},
        WrongFlag{{"--groupcache-secret-file=/no/such/file"}, "--groupcache-secret-file"},
        WrongFlag{{"--watermarks=/no/such/directory"}, "--watermarks"},
        WrongFlag{{"--presets=/no/such/file"}, "--presets"},
        WrongFlag{{"--presets-only=perhaps"}, "--presets-only"},
        WrongFlag{{"--strict-params=perhaps"}, "--strict-params"},
        WrongFlag{{"--untrusted-formats=svg,exe"}, "--untrusted-formats"},
        WrongFlag{{"--sandbox=off"}, "--sandbox"},
        WrongFlag{{"--avif-auto-max-mp=-1"}, "--avif-auto-max-mp"},
        WrongFlag{{"--groupcache-peers-file=/no/such/file"}, "--groupcache-peers-file"},
        WrongFlag{{"--groupcache-peers=:1", "--groupcache-peers-etcd=http://a:1"},
                  "--groupcache-peers-etcd"},
        WrongFlag{{"--log-level=loud"}, "--log-level"}, WrongFlag{{"stray"}, "stray"}));

TEST(Program, AWrongPresetIsReportedInOneLineWithItsNumber) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("presets", "a=width=1\n\nb=blur=1000\n").string();
  Process process(words({"--http=:1", "--presets=" + file}));
  EXPECT_EQ(process.wait(), 2);
  EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
  EXPECT_THAT(process.errors(),
              HasSubstr("--presets: " + file + ": line 3: invalid param \"blur\": must be"));
}

TEST(Program, ATokenNeedsASecret) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("secret", "short").string();
  for (const Flags& flags : {Flags{"token"}, Flags{"token", "--groupcache-secret-file=" + file},
                             Flags{"token", "more"}, Flags{"--queue=3", "token"}}) {
    Process process(words(flags));
    EXPECT_EQ(process.wait(), 2);
    EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
    EXPECT_THAT(process.output(), IsEmpty());
  }
}

TEST(Program, SaysItsVersion) {
  Process process(words({"--version"}));
  EXPECT_EQ(process.wait(), 0);
  EXPECT_THAT(process.output(), MatchesRegex("imageserver [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(process.errors(), IsEmpty());
}

TEST(Program, ShowsItsFlagsWhenAskedForHelp) {
  for (const char* flag : {"--help", "-help", "-h"}) {
    Process process(words({flag}));
    EXPECT_EQ(process.wait(), 0) << flag;
    EXPECT_THAT(process.output(), HasSubstr("--groupcache-peers")) << flag;
    EXPECT_THAT(process.errors(), IsEmpty()) << flag;
  }
}

TEST(Program, AnAddressInUseIsReportedInOneLine) {
  Port port;
  port.occupy();
  Process process(words({"--http=" + port.address()}));
  EXPECT_EQ(process.wait(), 1);
  EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr(port.address()));
  EXPECT_THAT(process.errors(), HasSubstr("in use"));
}

TEST(Program, ASecondOneOnTheSamePortFails) {
  const Node node;
  Process second(words({"--http=127.0.0.1:" + std::to_string(node.port())}));
  EXPECT_EQ(second.wait(), 1);
  EXPECT_TRUE(is_one_line(second.errors())) << second.errors();
  EXPECT_EQ(node.get("/healthz").status, 200);
}

TEST(Program, AnAddressOfAnotherMachineIsReportedInOneLine) {
  Process process(words({"--http=192.0.2.1:80"}));
  EXPECT_EQ(process.wait(), 1);
  EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
  EXPECT_THAT(process.errors(), HasSubstr("192.0.2.1:80: "));
  EXPECT_THAT(process.errors(), HasSubstr("Cannot assign requested address"));
}

// The way it stands in the Go program's documentation, started from anywhere.
class GoSpelling : public ::testing::TestWithParam<bool> {};

TEST_P(GoSpelling, StartsAndFindsTheSampleImages) {
  const TemporaryDirectory elsewhere;
  const Port port;
  const std::string address = ":" + std::to_string(port.number());
  const Flags flags = GetParam() ? Flags{"-http=" + address, "-groupcache-peers=:1,:2"}
                                 : Flags{"-http", address, "-groupcache-peers", ":1,:2"};
  Process process(words(flags), elsewhere.path());
  ASSERT_TRUE(eventually([&] { return !process.is_running() || is_ready(port); }));
  ASSERT_TRUE(process.is_running()) << process.errors();
  EXPECT_EQ(decode(get(port.number(), "/medium.jpg?width=100").body), (Picture{"jpeg", 100, 80}));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0) << process.errors();
}

INSTANTIATE_TEST_SUITE_P(EqualsAndSpace, GoSpelling, ::testing::Bool());

TEST(Program, ARelativeSourceStartsAtTheWorkingDirectory) {
  const TemporaryDirectory elsewhere;
  elsewhere.write("pictures/a.jpg", testdata("small.jpg"));
  const Port port;
  Process process(words({"--http=" + port.address(), "--source=pictures"}), elsewhere.path());
  ASSERT_TRUE(eventually([&] { return !process.is_running() || is_ready(port); }));
  ASSERT_TRUE(process.is_running()) << process.errors();
  EXPECT_EQ(get(port.number(), "/a.jpg").status, 200);
}

class Leaving : public ::testing::TestWithParam<int> {
 protected:
  void ask_to_leave() { node_.process().signal(GetParam()); }

  Node node_;
};

TEST_P(Leaving, WithoutRequestsItEndsAtOnce) {
  Client idle(node_.port());
  EXPECT_EQ(idle.get("/small.jpg?width=10").status, 200);
  const Client silent(node_.port());
  ask_to_leave();
  EXPECT_EQ(node_.process().wait(), 0);
  EXPECT_TRUE(idle.is_closed());
}

// An encoder's work, which a sanitizer of our own code does not slow down: a node that leaves has
// ten seconds.
TEST_P(Leaving, ARequestUnderWayIsFinished) {
  Client client(node_.port());
  client.send(request_text("GET", "/medium.jpg?width=1000&format=webp"));
  ASSERT_TRUE(eventually([&] { return node_.counter("Group/Loads") == 1; }));
  ask_to_leave();
  const Reply reply = client.read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(decode(reply.body).width, 1000);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(node_.process().wait(), 0);
}

TEST_P(Leaving, NewConnectionsAreRefused) {
  Client client(node_.port());
  client.send(request_text("GET", "/huge.jpg?format=png&width=4000"));
  ASSERT_TRUE(eventually([&] { return node_.counter("Group/Loads") == 1; }));
  ask_to_leave();
  EXPECT_TRUE(eventually([&] { return !can_connect(node_.port()); }));
  client.reset();
  EXPECT_EQ(node_.process().wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(Signals, Leaving, ::testing::Values(SIGTERM, SIGINT));

TEST(Program, AThirdSignalEndsItAtOnce) {
  Node node({"--timeout=60s", "--drain=60s"});
  Client client(node.port());
  client.send(request_text("GET", "/huge.jpg?format=png&width=6300"));
  ASSERT_TRUE(eventually([&] { return node.counter("Group/Loads") == 1; }));
  node.process().signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return node.get("/readyz").status == 503; }));
  node.process().signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return !can_connect(node.port()); })) << "the drain is over";
  EXPECT_TRUE(node.process().is_running()) << "but not the request";
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 128 + SIGTERM);
}

TEST(Program, ASignalToReadAgainEndsNothing) {
  const Port other;
  const TemporaryDirectory directory;
  const std::string file = (directory.path() / "peers").string();
  std::ofstream(file) << other.address() << '\n';
  Node alone;
  Node with_list({"--groupcache-peers-file=" + file});
  for (Node* node : {&alone, &with_list}) {
    for (int i = 0; i < 3; ++i) node->process().signal(SIGHUP);
    EXPECT_EQ(node->get("/small.jpg?width=10").status, 200);
    EXPECT_EQ(node->stop(), 0);
  }
}

TEST(Program, WrongPlacesToFindPeersEndItWithTheFlagsName) {
  for (const std::string flag :
       {"--groupcache-peers-dns=nothing", "--groupcache-peers-etcd=https://localhost:1"}) {
    Process process(words({"--http=:1", flag}));
    EXPECT_EQ(process.wait(), 2) << flag;
    EXPECT_TRUE(is_one_line(process.errors())) << process.errors();
    EXPECT_THAT(process.errors(), HasSubstr(flag.substr(0, flag.find('='))));
  }
}

}  // namespace
}  // namespace imageserver::testing
