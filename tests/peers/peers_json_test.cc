#include "peers/peers_json.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(PeersJsonTest, ShowsTheRing) {
  const RingView ring{RingMode::kBalanced,
                      "0123456789abcdef",
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
			"Requests": 0,
			"Errors": 0,
			"LatencyMs": null,
			"LastError": ""
		}
	]
}
)");
}

TEST(PeersJsonTest, NamesAGoRing) {
  const std::string json = peers_json({RingMode::kGo, "f", {}}, "http://:1", {});
  EXPECT_NE(json.find(R"("Mode": "go")"), std::string::npos);
}

}  // namespace
}  // namespace imageserver
