#include "http/seats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::uint64_t key(const std::string& address) { return client_key(net::ip::make_address(address)); }

TEST(ClientKeyTest, IsTheAddressOrTheFirstHalfOfIt) {
  EXPECT_EQ(key("192.0.2.1"), key("::ffff:192.0.2.1"));
  EXPECT_NE(key("192.0.2.1"), key("192.0.2.2"));
  EXPECT_EQ(key("2001:db8:1:2::3"), key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(key("2001:db8:1:2::3"), key("2001:db8:1:3::3"));
}

// A connection that leaves when it is asked to, unless it is told to stay.
class Guest final : public Occupant {
 public:
  Guest(std::string name, Seat seat, std::vector<std::string>& left)
      : name_(std::move(name)), seat_(std::move(seat)), left_(left) {}

  void leave_if_waiting() override {
    if (stays) return seat_.keep();
    go("");
  }
  void leave() override { go("!"); }
  void drop_answer() override {}

  [[nodiscard]] Seat& seat() { return seat_; }

  bool stays = false;

 private:
  void go(const std::string& how) {
    left_.push_back(name_ + how);
    seat_.give_back();
  }

  const std::string name_;
  Seat seat_;
  std::vector<std::string>& left_;
};

class SeatsTest : public ::testing::Test {
 protected:
  // Null: there was no seat.
  std::shared_ptr<Guest> enter(const std::string& name, std::uint64_t client) {
    std::optional<Seat> seat = seats_->take(client);
    if (!seat) return nullptr;
    auto guest = std::make_shared<Guest>(name, *std::move(seat), left_);
    guest->seat().occupy(OccupantRef(context_.get_executor(), guest));
    return guest;
  }

  std::shared_ptr<Guest> enter_idle(const std::string& name, std::uint64_t client, Deadline since) {
    auto guest = enter(name, client);
    if (guest) guest->seat().idles(since);
    return guest;
  }

  // Who has left since this was last asked; a `!` where it was not waiting.
  std::vector<std::string> left() {
    testing::run_to_end(context_);
    return std::exchange(left_, {});
  }

  net::io_context context_;
  const Deadline start_ = Clock::now();
  std::shared_ptr<Seats> seats_ = std::make_shared<Seats>(4);
  std::vector<std::string> left_;
};

TEST_F(SeatsTest, AreCounted) {
  auto a = enter("a", 1);
  auto b = enter("b", 1);
  EXPECT_EQ(seats_->taken(), 2U);
  a->seat().give_back();
  EXPECT_EQ(seats_->taken(), 1U);
  b.reset();
  EXPECT_EQ(seats_->taken(), 0U);
}

TEST_F(SeatsTest, WhereTheyAreTakenTheOneThatIsIdleLongestLeaves) {
  auto a = enter_idle("a", 1, start_ + 3s);
  auto b = enter_idle("b", 1, start_ + 1s);
  auto c = enter_idle("c", 1, start_ + 2s);
  auto d = enter("d", 1);
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_NE(enter("e", 1), nullptr);
  EXPECT_THAT(left(), ElementsAre("b"));
}

TEST_F(SeatsTest, WhoIsBusyAgainIsNotAsked) {
  auto a = enter_idle("a", 1, start_ + 1s);
  auto b = enter_idle("b", 1, start_ + 2s);
  auto c = enter("c", 1);
  auto d = enter("d", 1);
  a->seat().works();
  EXPECT_NE(enter("e", 1), nullptr);
  EXPECT_THAT(left(), ElementsAre("b"));
}

TEST_F(SeatsTest, WhoWaitsForTheRestOfAHeadLeavesAfterTheIdleOnes) {
  auto a = enter("a", 1);
  a->seat().waits(start_ + 1s);
  auto b = enter_idle("b", 1, start_ + 2s);
  auto c = enter("c", 1);
  auto d = enter("d", 1);
  auto e = enter("e", 1);
  EXPECT_THAT(left(), ElementsAre("b"));
  auto f = enter("f", 1);
  EXPECT_THAT(left(), ElementsAre("a"));
}

TEST_F(SeatsTest, TheIdleOnesOfAnAddressOverItsShareLeaveFirst) {
  auto a = enter_idle("a", 1, start_ + 1s);
  auto b = enter_idle("b", 2, start_ + 2s);
  auto c = enter_idle("c", 2, start_ + 3s);
  auto d = enter_idle("d", 2, start_ + 4s);
  auto e = enter("e", 3);
  EXPECT_THAT(left(), ElementsAre("b")) << "although a was idle before it";
}

TEST_F(SeatsTest, WhereAllAreBusyANewcomerOfTheSameAddressGetsNone) {
  std::vector<std::shared_ptr<Guest>> guests;
  for (int i = 0; i < 4; ++i) guests.push_back(enter("a", 1));
  EXPECT_EQ(enter("b", 1), nullptr);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(SeatsTest, WhereAllAreBusyTheAddressWithTheMostGivesOneToTheOthers) {
  auto a = enter("a", 1);
  auto b = enter("b", 1);
  auto c = enter("c", 1);
  auto d = enter("d", 2);
  auto e = enter("e", 2);
  ASSERT_NE(e, nullptr);
  EXPECT_THAT(left(), ElementsAre("c!")) << "for which the least was done";
  EXPECT_EQ(enter("f", 2), nullptr) << "both have two";
  EXPECT_NE(enter("g", 3), nullptr);
}

TEST_F(SeatsTest, WhoStaysKeepsItsSeatAndAnotherIsAsked) {
  auto a = enter_idle("a", 1, start_ + 1s);
  auto b = enter_idle("b", 1, start_ + 2s);
  auto c = enter("c", 1);
  auto d = enter("d", 1);
  a->stays = true;
  auto e = enter("e", 1);
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_EQ(seats_->taken(), 5U);
  a->seat().works();
  auto f = enter("f", 1);
  EXPECT_THAT(left(), ElementsAre("b"));
}

// Each was asked just as its next request came. Then all wait for their clients.
TEST_F(SeatsTest, WhereAllWhoWereAskedStayedTheOldestLeavesForTheNextNewcomer) {
  std::vector<std::shared_ptr<Guest>> guests;
  for (std::size_t i = 0; i < 4 + Seats::kLeaving; ++i) {
    ASSERT_TRUE(seats_->has_time());
    guests.push_back(enter_idle("a" + std::to_string(i), 1, start_ + std::chrono::seconds(i)));
    guests.back()->stays = true;
    EXPECT_THAT(left(), IsEmpty());
  }
  ASSERT_EQ(seats_->taken(), 4 + Seats::kLeaving);
  for (const auto& guest : guests) guest->stays = false;
  EXPECT_FALSE(seats_->has_time()) << "somebody is asked first";
  EXPECT_THAT(left(), ElementsAre("a0"));
  EXPECT_TRUE(seats_->has_time());
  EXPECT_NE(enter("b", 2), nullptr);
}

TEST_F(SeatsTest, NewcomersWaitWhileManyAreLeaving) {
  std::vector<std::shared_ptr<Guest>> guests;
  std::size_t entered = 0;
  while (seats_->has_time())
    guests.push_back(enter_idle("a", 1, start_ + std::chrono::seconds(entered++)));
  EXPECT_EQ(entered, 4 + Seats::kLeaving);
  EXPECT_EQ(enter("b", 1), nullptr);
  EXPECT_EQ(left().size(), Seats::kLeaving);
  EXPECT_TRUE(seats_->has_time());
  EXPECT_EQ(seats_->taken(), 4U);
}

TEST_F(SeatsTest, OfManySeveralLeaveAtATime) {
  seats_ = std::make_shared<Seats>(320);
  std::vector<std::shared_ptr<Guest>> guests;
  for (int i = 0; i < 320; ++i) {
    guests.push_back(enter_idle(std::to_string(i), 1, start_ + std::chrono::seconds(i)));
  }
  EXPECT_THAT(left(), IsEmpty());
  auto last = enter("last", 1);
  std::vector<std::string> gone = left();
  std::ranges::sort(gone);
  EXPECT_THAT(gone, ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

TEST_F(SeatsTest, RoomIsMadeWhileThereAreSeats) {
  EXPECT_FALSE(seats_->make_room());
  auto a = enter_idle("a", 1, start_);
  EXPECT_TRUE(seats_->make_room());
  EXPECT_THAT(left(), ElementsAre("a"));
  EXPECT_FALSE(seats_->make_room());
}

// A node that runs for months has had many.
TEST_F(SeatsTest, ASeatThatWasGivenBackIsTakenAgain) {
  const auto come_and_go = [this](int guests) {
    for (int i = 0; i < guests; ++i) EXPECT_NE(enter("a", 1), nullptr);
    return mallinfo2().uordblks;
  };
  const std::size_t before = come_and_go(10);
  EXPECT_LT(come_and_go(100'000), before + 100'000) << "not a byte for each";
}

TEST_F(SeatsTest, SomeMayStandWhileTheyAreTurnedAway) {
  std::vector<std::optional<Seat>> standing;
  for (std::size_t i = 0; i < Seats::kTurnedAway; ++i) {
    standing.push_back(seats_->turn_away());
    EXPECT_TRUE(standing.back().has_value());
  }
  EXPECT_FALSE(seats_->turn_away().has_value());
  standing.pop_back();
  EXPECT_TRUE(seats_->turn_away().has_value());
  EXPECT_EQ(seats_->taken(), 0U);
}

}  // namespace
}  // namespace imageserver
