#include "peers/peers_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "peers/wire/settings.h"

namespace imageserver {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(RingMode mode) { return mode == RingMode::kGo ? "go" : "balanced"; }

std::string_view name_of(PeerKind kind) {
  switch (kind) {
    case PeerKind::kOurs:
      return "imageserver";
    case PeerKind::kGo:
      return "go";
    case PeerKind::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Breaker::State state) {
  switch (state) {
    case Breaker::State::kClosed:
      return "closed";
    case Breaker::State::kOpen:
      return "open";
    case Breaker::State::kHalfOpen:
      break;
  }
  return "half-open";
}

// The number with as many digits as a reader wants.
double rounded(double number, double places) { return std::round(number * places) / places; }

// What the peer has otherwise than this node: names of settings, or that it is told of other nodes.
Json differences(const PeerView& peer, const RingView& ring) {
  if (peer.ring.empty()) return nullptr;
  if (peer.ring == ring.fingerprint) return Json::array();
  if (peer.settings.empty()) return Json::array({"version"});
  const std::vector<std::string> names = differing_settings(ring.settings, peer.settings);
  return names.empty() ? Json::array({"nodes"}) : Json(names);
}

void describe(const PeerView& peer, const RingView& ring, Json& json) {
  json["State"] = name_of(peer.state);
  json["Kind"] = name_of(peer.kind);
  json["Agrees"] = peer.ring.empty() ? Json(nullptr) : Json(peer.ring == ring.fingerprint);
  json["Differs"] = differences(peer, ring);
  json["Requests"] = peer.requests;
  json["Errors"] = peer.errors;
  json["LatencyMs"] = peer.latency_ms ? Json(rounded(*peer.latency_ms, 1'000)) : Json(nullptr);
  json["LastError"] = peer.last_error;
}

Json describe(const RingView::Node& node, const RingView& ring, std::string_view self,
              const std::vector<PeerView>& peers) {
  Json json = {{"Name", node.name}, {"Share", rounded(node.share, 10'000)}};
  const auto peer = std::ranges::find(peers, node.name, &PeerView::name);
  if (node.name == self) {
    json["State"] = "self";
  } else if (peer != peers.end()) {
    describe(*peer, ring, json);
  }
  return json;
}

}  // namespace

std::string peers_json(const RingView& ring, std::string_view self,
                       const std::vector<PeerView>& peers) {
  Json nodes = Json::array();
  for (const RingView::Node& node : ring.nodes) {
    nodes.push_back(describe(node, ring, self, peers));
  }
  const Json json = {{"Mode", name_of(ring.mode)},
                     {"Fingerprint", ring.fingerprint},
                     {"Self", self},
                     {"Nodes", std::move(nodes)}};
  return json.dump(1, '\t', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace imageserver
