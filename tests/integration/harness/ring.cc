#include "integration/harness/ring.h"

#include <algorithm>
#include <vector>

#include "imageserver/params.h"

namespace imageserver::testing {
namespace {

using Ports = std::array<std::shared_ptr<Port>, NodeRing::kNodes>;

Ports make_ports() {
  Ports ports;
  for (auto& port : ports) port = std::make_shared<Port>();
  return ports;
}

std::vector<std::string> ring_names(const Ports& ports) {
  std::vector<std::string> names;
  for (const auto& port : ports) names.push_back("http://" + port->address());
  return names;
}

std::string peers_of(const Ports& ports, std::size_t self) {
  std::string peers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (i != self) peers += (peers.empty() ? "" : ",") + ports[i]->address();
  }
  return peers;
}

}  // namespace

NodeRing::NodeRing(const Flags& flags)
    : flags_(flags), ports_(make_ports()), ring_(ring_names(ports_)) {
  for (std::size_t i = 0; i < kNodes; ++i) restart(i);
}

void NodeRing::restart(std::size_t index) {
  Flags all = {"--groupcache-peers=" + peers_of(ports_, index)};
  all.insert(all.end(), flags_.begin(), flags_.end());
  nodes_[index] = std::make_unique<Node>(ports_[index], all);
}

std::size_t NodeRing::owner(std::string_view target) const {
  const std::string& name = ring_.owner(key_of(target));
  const auto& names = ring_.names();
  return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

std::string NodeRing::target_of(std::size_t node, std::string_view path, int from) const {
  for (int width = from;; ++width) {
    std::string target = std::string(path) + "?width=" + std::to_string(width);
    if (owner(target) == node) return target;
  }
}

std::uint64_t NodeRing::sum(std::string_view path) const {
  std::uint64_t total = 0;
  for (const auto& node : nodes_) total += node->counter(path);
  return total;
}

std::string key_of(std::string_view target) { return parse_target(target).value().key(); }

}  // namespace imageserver::testing
