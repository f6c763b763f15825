#include "integration/harness/node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/hash.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

bool name_sources(const Flags& flags) {
  return std::ranges::any_of(flags,
                             [](const std::string& flag) { return flag.starts_with("--source="); });
}

// The last of a repeated flag counts, so `flags` may say otherwise.
std::vector<std::string> command_line(const Port& port, const Flags& flags) {
  std::vector<std::string> words = {program(), "--http=" + port.address(), "--log-level=debug",
                                    "--drain=0s"};
  if (!name_sources(flags)) words.emplace_back("--source=" IMAGESERVER_TESTDATA);
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

// The fields that say who may read what tells of the node: none where the flags name no secret.
std::string reader_fields(const Flags& flags) {
  constexpr std::string_view kFlag = "--groupcache-secret-file=";
  const auto last = std::find_if(flags.rbegin(), flags.rend(),
                                 [](const std::string& flag) { return flag.starts_with(kFlag); });
  if (last == flags.rend()) return "";
  std::ifstream file(last->substr(kFlag.size()));
  std::string secret;
  std::getline(file, secret);
  return "Authorization: Bearer " + to_hex(hmac_sha256(secret, "read")) + "\r\n";
}

// The letter after the name, which is in brackets and may hold anything.
char thread_state(const std::filesystem::path& task) {
  std::ifstream file(task / "stat");
  std::string line;
  std::getline(file, line);
  const auto bracket = line.rfind(") ");
  return bracket == std::string::npos ? 'S' : line[bracket + 2];
}

bool are_all(pid_t process, char state) {
  const auto tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    if (thread_state(task.path()) != state) return false;
  }
  return true;
}

// By itself, or by a signal of the test; a sanitizer's complaint, an abort or a crash is none.
bool ended_as_told(int code) { return code == 0 || code == 128 + SIGKILL || code == 128 + SIGTERM; }

}  // namespace

// The one that was built with the tests, unless the environment names another.
std::string program() {
  const char* const named = std::getenv("IMAGESERVER_PROGRAM");
  return named == nullptr ? IMAGESERVER_PROGRAM : named;
}

Node::Node(const Flags& flags) : Node(std::make_shared<Port>(), flags) {}

Node::Node(std::shared_ptr<Port> port, const Flags& flags)
    : port_(std::move(port)),
      reader_fields_(reader_fields(flags)),
      process_(command_line(*port_, flags)) {
  wait_until_ready();
}

Node::~Node() {
  if (process_.is_running()) {
    EXPECT_EQ(stop(), 0) << "the node did not leave cleanly:\n" << process_.errors();
  }
  EXPECT_TRUE(ended_as_told(process_.wait())) << "the node died:\n" << process_.errors();
  constexpr std::size_t kShown = 4096;
  if (::testing::Test::HasFailure() || std::uncaught_exceptions() > 0) {
    const std::string log = process_.errors();
    std::cerr << "log of " << port_->address() << ":\n"
              << log.substr(log.size() - std::min(log.size(), kShown)) << '\n';
  }
}

void Node::wait_until_ready() {
  const bool ready = eventually([this] {
    if (!process_.is_running()) throw std::runtime_error("ended early: " + process_.errors());
    return can_connect(port()) && get("/readyz").status == 200;
  });
  if (!ready) throw std::runtime_error("never became ready: " + process_.errors());
}

Reply Node::get(std::string_view target, std::string_view fields) const {
  return testing::get(port(), target, fields);
}

Reply Node::get_as_reader(std::string_view target) const { return get(target, reader_fields_); }

std::uint64_t Node::counter(std::string_view path) const { return counter_in("/stats", path); }

std::uint64_t Node::source_counter(std::string_view path) const {
  return counter_in("/stats/sources", path);
}

std::uint64_t Node::counter_in(std::string_view document, std::string_view path) const {
  const auto stats = nlohmann::json::parse(get_as_reader(document).body);
  return stats.at(nlohmann::json::json_pointer("/" + std::string(path)));
}

std::uint64_t Node::loads_under_way() const {
  const auto group = nlohmann::json::parse(get_as_reader("/stats").body).at("Group");
  const auto count = [&](const char* name) { return group.at(name).get<std::uint64_t>(); };
  return count("LoadsDeduped") - count("PeerLoads") - count("LocalLoads") - count("LocalLoadErrs");
}

bool Node::becomes_idle() const {
  constexpr int kInARow = 10;
  int idle = 0;
  return eventually([&] {
    idle = are_all(process_.id(), 'S') ? idle + 1 : 0;
    return idle == kInARow;
  });
}

int Node::stop() {
  process_.signal(SIGTERM);
  return process_.wait();
}

void Node::freeze() {
  process_.signal(SIGSTOP);
  EXPECT_TRUE(eventually([&] { return are_all(process_.id(), 'T'); }));
}

void Node::wake() { process_.signal(SIGCONT); }

void Node::kill() {
  process_.signal(SIGKILL);
  process_.wait();
}

}  // namespace imageserver::testing
