// A picture that everybody asks for, whose original lies in a directory: it is looked at each
// second.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "integration/harness/http_client.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using std::chrono::seconds;

class PopularPicture : public ::testing::Test {
 protected:
  // Has clients of all nodes but `owner` ask all the time. How many answers they got.
  std::uint64_t ask_others(std::size_t owner, seconds time) {
    std::vector<std::jthread> clients;
    std::vector<std::uint64_t> answers(NodeRing::kNodes);
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      if (node == owner) continue;
      clients.emplace_back([this, node, &answers, end = Clock::now() + time] {
        Client client(ring_[node].port());
        while (Clock::now() < end) {
          EXPECT_EQ(client.get(kTarget).status, 200);
          ++answers[node];
          std::this_thread::sleep_for(milliseconds(5));
        }
      });
    }
    clients.clear();
    std::uint64_t sum = 0;
    for (const std::uint64_t of_one : answers) sum += of_one;
    return sum;
  }

  // The requests that the other nodes have sent to `owner`.
  std::uint64_t requests_to(std::size_t owner) {
    std::uint64_t sum = 0;
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      const auto peers = nlohmann::json::parse(ring_[node].get("/peers").body).at("Nodes");
      for (const auto& peer : peers) {
        if (node == owner || peer.at("Name") != ring_.name(owner)) continue;
        sum += peer.at("Requests").get<std::uint64_t>();
      }
    }
    return sum;
  }

  static constexpr const char* kTarget = "/a.jpg?width=50";

  const TemporaryDirectory directory_;
  const std::string original_ = directory_.write("a.jpg", testdata("small.jpg")).string();
  NodeRing ring_{{"--source=" + directory_.path().string()}};
};

TEST_F(PopularPicture, CostsItsOwnerARequestASecondAndNode) {
  const std::size_t owner = ring_.owner(kTarget);
  ask_others(owner, seconds(3));  // until it is hot
  const std::uint64_t before = requests_to(owner);
  constexpr int kSeconds = 60;
  const std::uint64_t answers = ask_others(owner, seconds(kSeconds));
  const std::uint64_t requests = requests_to(owner) - before;
  RecordProperty("answers", std::to_string(answers));
  RecordProperty("requests", std::to_string(requests));
  EXPECT_LE(requests, 2U * kSeconds + 2U) << "for " << answers << " answers";
  EXPECT_GT(answers, 10U * requests);
}

}  // namespace
}  // namespace imageserver::testing
