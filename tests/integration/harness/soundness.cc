#include "integration/harness/soundness.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/patience.h"

namespace imageserver::testing {
namespace {

using nlohmann::json;

constexpr std::size_t kKeySize = 64;
constexpr std::size_t kLengths = 8;  // two, of four bytes each
constexpr std::size_t kSample = 20;

json stats_of(const Node& node) { return json::parse(node.get_as_reader("/stats").body); }

std::string_view format_of(std::string_view picture) {
  if (picture.starts_with("\xff\xd8")) return "jpeg";
  if (picture.starts_with("\x89PNG")) return "png";
  if (picture.starts_with("GIF8")) return "gif";
  return "webp";
}

}  // namespace

void expect_counters_add_up(const Node& node) {
  EXPECT_TRUE(node.becomes_idle());
  const json group = stats_of(node).at("Group");
  const auto count = [&](const char* name) { return group.at(name).get<std::uint64_t>(); };
  EXPECT_GE(count("Gets"), count("Loads")) << group;
  EXPECT_GE(count("Loads"), count("LoadsDeduped")) << group;
  EXPECT_GE(count("LoadsDeduped"), count("LocalLoads") + count("LocalLoadErrs")) << group;
}

std::uint64_t entry_bytes(std::string_view picture) {
  return kKeySize + kLengths + format_of(picture).size() + picture.size();
}

std::uint64_t cached_items(const Node& node) {
  const json caches = stats_of(node).at("Caches");
  return caches.at("Main").at("Items").get<std::uint64_t>() +
         caches.at("Hot").at("Items").get<std::uint64_t>();
}

std::uint64_t cached_bytes(const Node& node) {
  const json caches = stats_of(node).at("Caches");
  return caches.at("Main").at("Bytes").get<std::uint64_t>() +
         caches.at("Hot").at("Bytes").get<std::uint64_t>();
}

std::uint64_t peak_megabytes(Node& node) {
  std::ifstream file("/proc/" + std::to_string(node.process().id()) + "/status");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t kilobytes = 0;
    if (words >> name >> kilobytes && name == "VmHWM:") return kilobytes >> 10U;
  }
  throw std::runtime_error("the system does not say how much memory there is");
}

namespace {

std::vector<std::string> differing(const json& names) {
  if (names.is_null()) return {};
  return names.get<std::vector<std::string>>();
}

}  // namespace

PeerSight sight_in(const std::string& text, const std::string& name) {
  const json answer = json::parse(text);
  for (const json& node : answer.at("Nodes")) {
    if (node.at("Name") != name) continue;
    const json& agrees = node.at("Agrees");
    return {.state = node.at("State"),
            .kind = node.at("Kind"),
            .agrees = agrees.is_null() ? std::nullopt : std::optional(agrees.get<bool>()),
            .differs = differing(node.at("Differs")),
            .requests = node.at("Requests"),
            .errors = node.at("Errors"),
            .last_error = node.at("LastError")};
  }
  throw std::runtime_error("no such peer: " + name + " in " + text);
}

PeerSight sight(const Node& node, const std::string& name) {
  return sight_in(node.get_as_reader("/peers").body, name);
}

bool peer_becomes(const Node& node, const std::string& name, const std::string& state) {
  return eventually([&] { return sight(node, name).state == state; });
}

int times_logged(Node& node, std::string_view text) {
  const std::string log = node.process().errors();
  int times = 0;
  for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++times;
  return times;
}

std::string fingerprint(const Node& node) {
  return json::parse(node.get_as_reader("/peers").body).at("Fingerprint");
}

std::vector<std::string> names_on_ring(const Node& node) {
  const json answer = json::parse(node.get_as_reader("/peers").body);
  std::vector<std::string> names;
  for (const json& one : answer.at("Nodes")) names.push_back(one.at("Name"));
  return names;
}

std::string Reference::picture(const std::string& target) const {
  const Reply reply = node_.get(target);
  EXPECT_EQ(reply.status, 200) << target;
  return reply.body;
}

void Reference::expect_same(const std::map<std::string, std::string>& pictures) const {
  const std::size_t step = pictures.size() / kSample + 1;
  std::size_t at = 0;
  for (const auto& [target, bytes] : pictures) {
    if (at++ % step != 0) continue;
    EXPECT_TRUE(bytes == picture(target)) << target << " has other bytes";
  }
}

}  // namespace imageserver::testing
