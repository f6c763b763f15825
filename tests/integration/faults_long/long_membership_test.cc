// Lists of peers that change, flap and vanish under load. The ring waits seconds before it believes
// a change, and leases take longer still.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "integration/faults_long/dns_list.h"
#include "integration/harness/peers_file.h"
#include "integration/harness/ring.h"
#include "integration/harness/ring_under_load.h"
#include "integration/harness/soundness.h"
#include "support/etcd_server.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr std::string_view kNotSeen = "ring: its nodes cannot be seen and stay as they are";
constexpr std::string_view kSeenAgain = "ring: its nodes are seen again";

TEST(LongPeersFile, OneIsTakenOutAndPutBackUnderLoad) {
  const PeersFile file;
  RingUnderLoad ring(file.introduction());
  const std::vector<std::string> all = ring.addresses();
  file.replace(std::vector<std::string>{all[0], all[1]});
  EXPECT_TRUE(ring.see_another_ring(2));
  ring.crowd().go_on(20);
  file.replace(all);
  EXPECT_TRUE(ring.all_agree());
  ring.crowd().go_on(20);
  ring.expect_no_failure();
}

TEST(LongPeersFile, ThatFlapsCostsNoRequest) {
  const PeersFile file;
  RingUnderLoad ring(file.introduction());
  const std::vector<std::string> all = ring.addresses();
  for (std::size_t i = 0; i < 30; ++i) {
    file.replace(std::vector<std::string>{all[i % 3], all[(i + 1) % 3]});
    ring.crowd().go_on(1);
    file.replace("");
    ring.crowd().go_on(1);
    file.remove();
  }
  file.replace(all);
  EXPECT_TRUE(ring.all_agree());
  ring.crowd().go_on(20);
  ring.expect_no_failure();
}

TEST(LongPeersFile, ARollingRestartCostsNoRequest) {
  const PeersFile file;
  RingUnderLoad ring(file.introduction());
  ring.replace_each();
  EXPECT_TRUE(ring.all_agree());
  ring.expect_no_failure();
}

class LongDns : public ::testing::Test {
 protected:
  // Nobody has noticed anything: not one request to a peer has failed.
  static void expect_nobody_noticed(RingUnderLoad& ring) {
    ring.expect_no_failure();
    EXPECT_EQ(ring.nodes().sum("Group/PeerErrors"), 0U);
    EXPECT_EQ(ring.nodes().sum("Group/LocalLoads"), ring.crowd().pictures().size()) << "each once";
  }

  DnsList dns_;
};

TEST_F(LongDns, WithoutRecordsTheRingStaysAsItIs) {
  RingUnderLoad ring(dns_.introduction(), "localhost");
  dns_.answer_with_none();
  EXPECT_TRUE(ring.all_log(kNotSeen, 1));
  ring.expect_same_ring();
  dns_.restore();
  EXPECT_TRUE(ring.all_log(kSeenAgain, 1));
  ring.expect_same_ring();
  expect_nobody_noticed(ring);
}

TEST_F(LongDns, WithoutAServerTheRingStaysAsItIs) {
  RingUnderLoad ring(dns_.introduction(), "localhost");
  for (int times = 1; times <= 2; ++times) {
    dns_.stop();
    EXPECT_TRUE(ring.all_log(kNotSeen, times));
    ring.expect_same_ring();
    dns_.restore();
    EXPECT_TRUE(ring.all_log(kSeenAgain, times));
    ring.expect_same_ring();
  }
  expect_nobody_noticed(ring);
}

class LongEtcd : public ::testing::Test {
 protected:
  [[nodiscard]] Introduction introduction() const {
    return [this](const std::vector<std::string>&, std::size_t) {
      return Flags{"--groupcache-peers-etcd=http://" + etcd_.address()};
    };
  }

  EtcdServer etcd_;
};

TEST_F(LongEtcd, DownForLongerThanALeaseTheRingStaysAsItIs) {
  RingUnderLoad ring(introduction());
  etcd_.stop();
  EXPECT_TRUE(ring.all_log(kNotSeen, 1));
  std::this_thread::sleep_for(std::chrono::seconds(15));  // longer than a lease lasts
  ring.expect_same_ring();
  etcd_.start();
  EXPECT_TRUE(ring.all_log(kSeenAgain, 1));
  EXPECT_TRUE(ring.all_agree());
  ring.crowd().go_on(20);
  ring.expect_no_failure();
}

TEST_F(LongEtcd, ThatHasForgottenEverythingIsToldAnew) {
  RingUnderLoad ring(introduction());
  etcd_.stop();
  etcd_.forget();
  etcd_.start();
  EXPECT_TRUE(ring.all_log("the lease is lost, registering anew", 1));
  EXPECT_TRUE(ring.all_agree());
  ring.crowd().go_on(20);
  ring.expect_no_failure();
}

TEST_F(LongEtcd, ANodeThatDiesIsGoneWithItsLease) {
  RingUnderLoad ring(introduction());
  ring.crowd().avoid(ring.nodes()[2].port());
  ring.nodes()[2].kill();
  EXPECT_TRUE(ring.see_another_ring(2));
  ring.crowd().go_on(20);
  ring.nodes().restart(2);
  EXPECT_TRUE(ring.all_agree());
  ring.crowd().visit(ring.nodes()[2].port());
  ring.crowd().go_on(20);
  ring.expect_no_failure();
}

TEST_F(LongEtcd, ANodeThatLeavesIsGoneBeforeItsDoorsClose) {
  RingUnderLoad ring(introduction());
  Node& leaving = ring.nodes()[2];
  ring.crowd().avoid(leaving.port());
  leaving.process().signal(SIGTERM);
  EXPECT_TRUE(ring.see_another_ring(2));
  EXPECT_EQ(leaving.get("/readyz").status, 503);
  EXPECT_EQ(leaving.get("/small.jpg?width=10").status, 200);
  leaving.process().signal(SIGTERM);
  EXPECT_EQ(leaving.process().wait(), 0);
  ring.nodes().restart(2);
  EXPECT_TRUE(ring.all_agree());
  ring.expect_no_failure();
}

TEST_F(LongEtcd, ARollingRestartCostsNoRequest) {
  RingUnderLoad ring(introduction());
  ring.replace_each();
  EXPECT_TRUE(ring.all_agree());
  ring.expect_no_failure();
}

}  // namespace
}  // namespace imageserver::testing
