#include "peers/lateness.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

class LatenessTest : public ::testing::Test {
 protected:
  using Finding = Lateness::Finding;

  // A period in which this has come, and which ends that much later than it should.
  Finding after(const Arrival& arrival, milliseconds delay = milliseconds(0)) {
    lateness_.arrived(arrival);
    return lateness_.period_ended(lateness_.end() + delay);
  }

  static Arrival interim() { return {.bytes = 0, .interim = true}; }
  static Arrival bytes(std::size_t count) { return {.bytes = count, .interim = false}; }

  const Clock::time_point begin_{std::chrono::hours(1)};
  Lateness lateness_{begin_};
};

TEST_F(LatenessTest, APeriodIsAQuarterOfASecond) {
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(250));
  EXPECT_EQ(after(interim()), Finding::kInTime);
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(500));
}

TEST_F(LatenessTest, AnInterimAnswerOrEnoughOfThePictureIsInTime) {
  EXPECT_EQ(after(interim()), Finding::kInTime);
  EXPECT_EQ(after(bytes(64U << 10U)), Finding::kInTime);
  EXPECT_EQ(after(bytes((64U << 10U) - 1)), Finding::kLate);
  EXPECT_EQ(after({}), Finding::kLate) << "what came before does not count";
}

TEST_F(LatenessTest, AFetchIsGivenUpAfterASecond) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(after({}), Finding::kLate);
  EXPECT_EQ(after({}), Finding::kGiveUp);
}

TEST_F(LatenessTest, OnlyPeriodsInARowCount) {
  for (int i = 0; i < 20; ++i) {
    for (int late = 0; late < 3; ++late) EXPECT_EQ(after({}), Finding::kLate);
    EXPECT_EQ(after(interim()), Finding::kInTime);
  }
}

TEST_F(LatenessTest, APeriodThatThisNodeEndsLateSaysNothing) {
  EXPECT_EQ(after({}, milliseconds(51)), Finding::kInTime);
  EXPECT_EQ(after({}, milliseconds(50)), Finding::kLate);
}

}  // namespace
}  // namespace imageserver
