#include "integration/harness/ring.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "params/parse_target.h"
#include "params/validate.h"

namespace imageserver::testing {
namespace {

using Ports = std::array<std::shared_ptr<Port>, NodeRing::kNodes>;

Ports make_ports() {
  Ports ports;
  for (auto& port : ports) port = std::make_shared<Port>();
  return ports;
}

std::vector<std::string> addresses_at(const std::string& host, const Ports& ports) {
  std::vector<std::string> addresses;
  for (const auto& port : ports) addresses.push_back(host + ':' + std::to_string(port->number()));
  return addresses;
}

std::vector<std::string> ring_names(const std::vector<std::string>& addresses) {
  std::vector<std::string> names;
  for (const std::string& address : addresses) names.push_back("http://" + address);
  return names;
}

// By what a ring places the answer to the target.
std::string place_of(RingMode mode, std::string_view target) {
  const Params params = parse_target(target).value();
  return mode == RingMode::kGo ? params.key() : validate(params).value().source;
}

RingMode mode_of(const Flags& flags) {
  const bool go = std::ranges::find(flags, "--groupcache-ring=go") != flags.end();
  return go ? RingMode::kGo : RingMode::kBalanced;
}

}  // namespace

Flags introduced_by_flag(const std::vector<std::string>& addresses, std::size_t self) {
  std::string peers;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (i != self) peers += (peers.empty() ? "" : ",") + addresses[i];
  }
  return {"--groupcache-peers=" + peers};
}

NodeRing::NodeRing(const Flags& flags, Introduction introduce, const std::string& host)
    : flags_(flags),
      introduce_(std::move(introduce)),
      ports_(make_ports()),
      addresses_(addresses_at(host, ports_)),
      ring_(mode_of(flags), ring_names(addresses_)) {
  for (std::size_t i = 0; i < kNodes; ++i) restart(i);
}

void NodeRing::restart(std::size_t index) {
  Flags all = introduce_(addresses_, index);
  all.push_back("--groupcache-self=" + addresses_[index]);
  all.insert(all.end(), flags_.begin(), flags_.end());
  nodes_[index] = std::make_unique<Node>(ports_[index], all);
}

std::size_t NodeRing::owner(std::string_view target) const {
  return index_of(owner_on(ring_, target));
}

std::size_t NodeRing::owner_of_original(std::string_view name) const {
  return index_of(ring_.owner(name));
}

std::vector<std::size_t> NodeRing::succession(std::string_view target) const {
  std::vector<std::size_t> order;
  ring_.walk(place_of(ring_.mode(), target), [&](const std::string& name) {
    order.push_back(index_of(name));
    return true;
  });
  return order;
}

std::string NodeRing::target_of(std::size_t node, std::string_view path, int from) const {
  return targets_of(node, path, 1, from).front();
}

std::vector<std::string> NodeRing::targets_of(std::size_t node, std::string_view path,
                                              std::size_t count, int from) const {
  const char joint = path.find('?') == std::string_view::npos ? '?' : '&';
  const std::vector<std::string> spellings =
      ring_.mode() == RingMode::kGo ? std::vector{std::string(path)} : spellings_of(node, path);
  std::vector<std::string> targets;
  for (int width = from; targets.size() < count; ++width) {
    const auto turn = static_cast<std::size_t>(width) % spellings.size();
    std::string target = spellings[turn] + joint + "width=" + std::to_string(width);
    if (owner(target) == node) targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<std::string> NodeRing::spellings_of(std::size_t node, std::string_view path) const {
  std::vector<std::string> spellings;
  for (int links = 0; links < kSpellings; ++links) {
    std::string spelling = spelled(path, links);
    if (owner(spelling) == node) spellings.push_back(std::move(spelling));
  }
  if (spellings.empty()) throw std::runtime_error("no name of it belongs to that node");
  return spellings;
}

std::uint64_t NodeRing::sum(std::string_view path) const {
  std::uint64_t total = 0;
  for (const auto& node : nodes_) total += node->counter(path);
  return total;
}

std::size_t NodeRing::index_of(const std::string& name) const {
  const auto found = std::ranges::find(addresses_, name.substr(std::string("http://").size()));
  return static_cast<std::size_t>(found - addresses_.begin());
}

std::string owner_on(const Ring& ring, std::string_view target) {
  return ring.owner(place_of(ring.mode(), target));
}

std::string spelled(std::string_view path, int links) {
  std::string spelling;
  for (int i = 0; i < links; ++i) spelling += "/again";
  return spelling.append(path);
}

void link_again(const std::filesystem::path& directory) {
  std::filesystem::create_directory_symlink(".", directory / "again");
}

std::string spread_target(int width) {
  const bool is_first = width / kSpellings % 2 == 0;
  return spelled(is_first ? "/small.jpg" : "/orientation-1.jpg", width % kSpellings) +
         "?width=" + std::to_string(width);
}

std::string key_of(std::string_view target) { return parse_target(target).value().key(); }

}  // namespace imageserver::testing
