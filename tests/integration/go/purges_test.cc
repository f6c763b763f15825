// Purges in a ring of the Go program and ours: Go nodes know none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kToken = "the token of those who may purge";

// A Go node, and two of ours that have their pictures from a folder that the test changes. Who has
// an address for the ring answers clients on another one.
class PurgeInGoRing : public ::testing::Test {
 protected:
  static constexpr std::size_t kNodes = 3;
  static constexpr std::size_t kGo = 0;
  static constexpr std::size_t kOurs = 1;
  static constexpr std::size_t kOtherOurs = 2;

  enum class Addresses : std::uint8_t { kOne, kTwo };

  explicit PurgeInGoRing(Addresses addresses = Addresses::kOne) {
    for (const char* name : {"small.jpg", "medium.jpg"}) {
      std::filesystem::copy_file(std::filesystem::path(IMAGESERVER_GO_ORIGINALS) / name,
                                 file(name));
      std::filesystem::permissions(file(name), std::filesystem::perms::owner_write,
                                   std::filesystem::perm_options::add);
    }
    go_.emplace(std::vector<std::string>{IMAGESERVER_GO_PROGRAM, "-http=" + address(kGo),
                                         "-groupcache-peers=" + peers_of(kGo)});
    if (!eventually([&] { return can_connect(ports_[kGo]->number()); })) {
      throw std::runtime_error("the Go node never listened: " + go_->errors());
    }
    for (const std::size_t node : {kOurs, kOtherOurs}) {
      Flags flags = {"--groupcache-peers=" + peers_of(node),
                     "--groupcache-ring=go",
                     "--source=" + folder_.path().string(),
                     "--source-ttl=1h",
                     "--purge-token-file=" + token_,
                     "--drain=0s",
                     "--timeout=60s"};
      if (addresses == Addresses::kOne) {
        flags.push_back("--http=" + address(node));
        ours_[node] = std::make_unique<Node>(ports_[node], flags);
      } else {
        flags.push_back("--groupcache-listen=" + address(node));
        ours_[node] = std::make_unique<Node>(flags);
      }
    }
  }

  [[nodiscard]] std::filesystem::path file(const std::string& name) const {
    return folder_.path() / name;
  }

  void replace_small() const {
    std::filesystem::copy_file(file("medium.jpg"), file("small.jpg"),
                               std::filesystem::copy_options::overwrite_existing);
  }

  // As one of ours makes it: a Go node encodes otherwise.
  [[nodiscard]] std::string of_medium(const std::string& query) const {
    return Node({"--source=" + folder_.path().string()}).get("/medium.jpg" + query).body;
  }

  [[nodiscard]] std::string address(std::size_t node) const {
    return ":" + std::to_string(ports_[node]->number());
  }
  [[nodiscard]] std::string name(std::size_t node) const { return "http://" + address(node); }

  [[nodiscard]] std::string peers_of(std::size_t self) const {
    std::string peers;
    for (std::size_t node = 0; node < kNodes; ++node) {
      if (node != self) peers += (peers.empty() ? "" : ",") + address(node);
    }
    return peers;
  }

  [[nodiscard]] const Node& ours(std::size_t node) const { return *ours_[node]; }

  // At the address that the ring knows.
  [[nodiscard]] Reply ask_ring_side(std::size_t node, std::string_view target) const {
    return get(ports_[node]->number(), target);
  }

  [[nodiscard]] std::uint64_t counter(std::size_t node, const std::string& path) const {
    const auto stats = nlohmann::json::parse(ask_ring_side(node, "/stats").body);
    return stats.at(nlohmann::json::json_pointer("/" + path));
  }

  [[nodiscard]] Reply purge_small(std::size_t node) const {
    constexpr std::string_view kWish = R"({"source":"/small.jpg"})";
    Client client(ports_[node]->number());
    client.send(request_text("POST", "/purge",
                             "Content-Type: application/json\r\nContent-Length: " +
                                 std::to_string(kWish.size()) + "\r\nAuthorization: Bearer " +
                                 std::string(kToken) + "\r\n") +
                std::string(kWish));
    return client.read();
  }

  // What follows the path of a picture that the node owns, with a width from `from` up.
  [[nodiscard]] std::string query_of(std::size_t node, int from = 20) const {
    const Ring ring(RingMode::kGo, {name(0), name(1), name(2)});
    for (int width = from;; ++width) {
      std::string query = "?width=" + std::to_string(width);
      if (owner_on(ring, "/small.jpg" + query) == name(node)) return query;
    }
  }

  [[nodiscard]] static std::string entry(const std::string& name, const std::string& rest) {
    return R"({"node":")" + name + R"(","purged":)" + rest;
  }

  std::array<std::shared_ptr<Port>, kNodes> ports_ = {
      std::make_shared<Port>(), std::make_shared<Port>(), std::make_shared<Port>()};
  const TemporaryDirectory folder_;
  const TemporaryDirectory secrets_;
  const std::string token_ = secrets_.write("token", kToken).string();
  std::optional<Process> go_;
  std::array<std::unique_ptr<Node>, kNodes> ours_;
};

class PurgeInGoRingWithTwoAddresses : public PurgeInGoRing {
 protected:
  PurgeInGoRingWithTwoAddresses() : PurgeInGoRing(Addresses::kTwo) {}
};

TEST_F(PurgeInGoRingWithTwoAddresses, ReachesOursAndListsGoNodes) {
  const std::vector<std::string> queries = {query_of(kOurs), query_of(kOtherOurs)};
  for (const std::string& query : queries) {
    for (const std::size_t node : {kOurs, kOtherOurs}) {
      EXPECT_EQ(ours(node).get("/small.jpg" + query).status, 200);
    }
  }
  const std::string of_go = ask_ring_side(kGo, "/stats").body;
  replace_small();
  const Reply reply = purge_small(kOurs);
  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(
      reply.body,
      AllOf(HasSubstr(entry(name(kOurs), "true}")), HasSubstr(entry(name(kOtherOurs), "true}")),
            HasSubstr(entry(name(kGo), R"(false,"reason":"it knows no purges"})"))));
  EXPECT_EQ(ask_ring_side(kGo, "/stats").body, of_go);
  for (const std::string& query : queries) {
    const std::string expected = of_medium(query);
    for (const std::size_t node : {kOurs, kOtherOurs}) {
      EXPECT_TRUE(ours(node).get("/small.jpg" + query).body == expected) << query << " of " << node;
    }
  }
  EXPECT_EQ(counter(kOurs, "Group/PeerErrors"), 0U);
  EXPECT_EQ(counter(kOtherOurs, "Group/PeerErrors"), 0U);
}

// It is the authority on what it owns, and has what it had.
TEST_F(PurgeInGoRingWithTwoAddresses, HasWhatAGoNodeGaveFetchedAnew) {
  const std::string target = "/small.jpg" + query_of(kGo);
  const std::string given = ours(kOtherOurs).get(target).body;
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(ours(kOtherOurs).get(target).status, 200);
    return counter(kOtherOurs, "Caches/Hot/Hits") > 0;
  })) << "one in ten is kept";
  const std::uint64_t loads = counter(kOtherOurs, "Group/PeerLoads");
  EXPECT_TRUE(ours(kOtherOurs).get(target).body == given);
  EXPECT_EQ(counter(kOtherOurs, "Group/PeerLoads"), loads);
  EXPECT_EQ(purge_small(kOurs).status, 202);
  EXPECT_TRUE(ours(kOtherOurs).get(target).body == given);
  EXPECT_EQ(counter(kOtherOurs, "Group/PeerLoads"), loads + 1);
}

// As anybody could speak as a peer.
TEST_F(PurgeInGoRing, WithOneAddressStaysOnItsNode) {
  const std::string target = "/small.jpg" + query_of(kOurs);
  const std::string others = "/small.jpg" + query_of(kOtherOurs);
  EXPECT_EQ(ours(kOurs).get(target).status, 200);
  const std::string old = ours(kOtherOurs).get(others).body;
  replace_small();
  const Reply reply = purge_small(kOurs);
  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(reply.body, AllOf(HasSubstr(entry(name(kOurs), "true}")),
                                HasSubstr(entry(name(kOtherOurs), R"(false,"reason":"not told"})")),
                                HasSubstr(entry(name(kGo), R"(false,"reason":"not told"})")),
                                HasSubstr("--groupcache-listen")));
  EXPECT_TRUE(ours(kOurs).get(target).body == of_medium(query_of(kOurs)));
  EXPECT_TRUE(ours(kOtherOurs).get(others).body == old);
}

}  // namespace
}  // namespace imageserver::testing
