#include "peers/lateness.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

using std::chrono::milliseconds;

class LatenessTest : public ::testing::Test {
 protected:
  using Finding = Lateness::Finding;

  static Arrival interim() { return {.bytes = 0, .interim = true}; }
  static Arrival bytes(std::size_t count) { return {.bytes = count, .interim = false}; }

  // What is found where nothing comes until the period ends, and that much later.
  Finding in_silence(milliseconds delay = milliseconds(0)) {
    return lateness_.period_ended(lateness_.end() + delay);
  }

  const Clock::time_point begin_{std::chrono::hours(1)};
  Lateness lateness_{begin_};
};

TEST_F(LatenessTest, APeerIsLateAfterAQuarterOfASecondOfSilence) {
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(250));
  EXPECT_EQ(in_silence(), Finding::kLate);
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(500));
}

TEST_F(LatenessTest, AnInterimAnswerBeginsAnotherPeriod) {
  EXPECT_TRUE(lateness_.arrived(interim(), begin_ + milliseconds(200)));
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(450));
}

TEST_F(LatenessTest, EnoughOfThePictureIsASignAndLessIsNone) {
  EXPECT_FALSE(lateness_.arrived(bytes((64U << 10U) - 1), begin_ + milliseconds(100)));
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(250));
  EXPECT_TRUE(lateness_.arrived(bytes(1), begin_ + milliseconds(200)));
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(450));
  EXPECT_FALSE(lateness_.arrived(bytes(1), begin_ + milliseconds(300))) << "they count anew";
}

TEST_F(LatenessTest, AFetchIsGivenUpAfterASecond) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(in_silence(), Finding::kLate);
  EXPECT_EQ(in_silence(), Finding::kGiveUp);
  EXPECT_EQ(lateness_.end(), begin_ + milliseconds(1'250));
}

TEST_F(LatenessTest, OnlyPeriodsInARowCount) {
  for (int i = 0; i < 20; ++i) {
    for (int late = 0; late < 3; ++late) EXPECT_EQ(in_silence(), Finding::kLate);
    EXPECT_TRUE(lateness_.arrived(interim(), lateness_.end()));
  }
}

TEST_F(LatenessTest, APeriodThatThisNodeEndsLateSaysNothing) {
  EXPECT_EQ(in_silence(milliseconds(51)), Finding::kInTime);
  EXPECT_EQ(in_silence(milliseconds(50)), Finding::kLate);
}

}  // namespace
}  // namespace imageserver
