#include "peers/peers_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace imageserver {
namespace {

TEST(PeersJsonTest, ShowsTheRing) {
  const RingView ring{RingMode::kBalanced,
                      "0123456789abcdef",
                      "formats=1 presets=1",
                      {{"http://:1", 0.33333}, {"http://:2", 0.4}, {"http://:3", 0.26667}}};
  PeerView two;
  two.name = "http://:2";
  two.kind = PeerKind::kOurs;
  two.state = Breaker::State::kHalfOpen;
  two.requests = 7;
  two.errors = 5;
  two.latency_ms = 1.23456;
  two.last_error = "cannot be reached: \xff";
  two.ring = "0123456789abcdef";
  PeerView three;
  three.name = "http://:3";
  EXPECT_EQ(peers_json(ring, "http://:1", {two, three}), R"({
	"Mode": "balanced",
	"Fingerprint": "0123456789abcdef",
	"Self": "http://:1",
	"Nodes": [
		{
			"Name": "http://:1",
			"Share": 0.3333,
			"State": "self"
		},
		{
			"Name": "http://:2",
			"Share": 0.4,
			"State": "half-open",
			"Kind": "imageserver",
			"Agrees": true,
			"Differs": [],
			"Requests": 7,
			"Errors": 5,
			"LatencyMs": 1.235,
			"LastError": "cannot be reached: �"
		},
		{
			"Name": "http://:3",
			"Share": 0.2667,
			"State": "closed",
			"Kind": "unknown",
			"Agrees": null,
			"Differs": null,
			"Requests": 0,
			"Errors": 0,
			"LatencyMs": null,
			"LastError": ""
		}
	]
}
)");
}

// What the entry of a peer says of the differences.
std::string differs(const std::string& fingerprint, const std::string& settings) {
  const RingView ring{RingMode::kBalanced, "ours", "formats=1 presets=1", {{"http://:2", 1}}};
  PeerView peer;
  peer.name = "http://:2";
  peer.ring = fingerprint;
  peer.settings = settings;
  const auto json = nlohmann::json::parse(peers_json(ring, "http://:1", {peer}));
  return json["Nodes"][0]["Differs"].dump();
}

TEST(PeersJsonTest, SaysInWhatAPeerDiffers) {
  EXPECT_EQ(differs("ours", "formats=1 presets=1"), "[]");
  EXPECT_EQ(differs("another", "formats=2 presets=1"), R"(["formats"])");
  EXPECT_EQ(differs("another", "formats=2 presets=2"), R"(["formats","presets"])");
  EXPECT_EQ(differs("another", "formats=1 presets=1"), R"(["nodes"])");
  EXPECT_EQ(differs("another", ""), R"(["version"])");
}

TEST(PeersJsonTest, NamesAGoRing) {
  const std::string json = peers_json({RingMode::kGo, "f", {}, {}}, "http://:1", {});
  EXPECT_NE(json.find(R"("Mode": "go")"), std::string::npos);
}

}  // namespace
}  // namespace imageserver
