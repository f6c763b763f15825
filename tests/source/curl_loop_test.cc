#include "source/curl_loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/patience.h"
#include "support/test_origin.h"

namespace imageserver {
namespace {

using testing::original;

// What libcurl ends at once, as it knows no such scheme.
constexpr std::size_t kKept = 4;
constexpr const char* kWrong = "wrong://a";

class CurlLoopTest : public ::testing::Test {
 protected:
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };

  // A transfer, which may be under way, and how it ended.
  class Transfer {
   public:
    Transfer(const std::string& url, std::string& body) : easy_(curl_easy_init()) {
      curl_easy_setopt(easy(), CURLOPT_URL, url.c_str());
      curl_easy_setopt(easy(), CURLOPT_PROXY, "");
      curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &Transfer::take);
      curl_easy_setopt(easy(), CURLOPT_WRITEDATA, &body);
    }

    [[nodiscard]] CURL* easy() const { return easy_.get(); }

   private:
    static std::size_t take(char* bytes, std::size_t /*one*/, std::size_t size, void* body) {
      static_cast<std::string*>(body)->append(bytes, size);
      return size;
    }

    const std::unique_ptr<CURL, FreeEasy> easy_;
  };

  CurlLoopTest() { loop_.emplace(context_, kKept); }

  // Lets the loop run until the answer is yes. False if patience ran out.
  template <class Question>
  [[nodiscard]] bool runs_until(const Question& asked) {
    return testing::soon([&] {
      context_.restart();
      context_.run_for(milliseconds(5));
      return asked();
    });
  }

  testing::TestOrigin origin_;
  net::io_context context_{1};
  std::string body_;
  std::optional<CurlLoop> loop_;
};

TEST_F(CurlLoopTest, TellsOnceHowATransferEnded) {
  origin_.on("/a", original("a text"));
  const Transfer good(origin_.url("/a"), body_);
  const Transfer wrong(kWrong, body_);
  std::vector<std::pair<std::string, CURLcode>> ended;
  loop_->add(good.easy(), [&](CURLcode code) { ended.emplace_back("good", code); });
  EXPECT_TRUE(ended.empty()) << "it never ends at once";
  ASSERT_TRUE(runs_until([&] { return !ended.empty(); }));
  loop_->add(wrong.easy(), [&](CURLcode code) { ended.emplace_back("wrong", code); });
  ASSERT_TRUE(runs_until([&] { return ended.size() > 1; }));
  context_.run_for(milliseconds(50));
  EXPECT_EQ(ended, (std::vector<std::pair<std::string, CURLcode>>{
                       {"good", CURLE_OK}, {"wrong", CURLE_UNSUPPORTED_PROTOCOL}}));
  EXPECT_EQ(body_, "a text");
}

TEST_F(CurlLoopTest, TransfersRunSideBySide) {
  std::vector<std::unique_ptr<Transfer>> all;
  std::vector<std::string> bodies(100);
  int ended = 0;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const std::string path = "/" + std::to_string(i);
    origin_.on(path, original(path + std::string(i * 1'000, 'x')));
    all.push_back(std::make_unique<Transfer>(origin_.url(path), bodies[i]));
    loop_->add(all.back()->easy(), [&](CURLcode code) {
      EXPECT_EQ(code, CURLE_OK);
      ++ended;
    });
  }
  EXPECT_TRUE(runs_until([&] { return ended == 100; })) << ended << " have ended";
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    EXPECT_TRUE(bodies[i] == "/" + std::to_string(i) + std::string(i * 1'000, 'x')) << i;
  }
  loop_.reset();
}

TEST_F(CurlLoopTest, OneThatIsRemovedIsClosedAndNothingIsSaidOfIt) {
  origin_.on("/a", [](RawSocket& connection) { EXPECT_TRUE(connection.ended()); });
  const Transfer silent(origin_.url("/a"), body_);
  bool said = false;
  loop_->add(silent.easy(), [&](CURLcode) { said = true; });
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  loop_->remove(silent.easy());
  EXPECT_TRUE(runs_until([&] { return origin_.open() == 0; }));
  EXPECT_FALSE(said);
  loop_->remove(silent.easy());  // it is not under way
}

TEST_F(CurlLoopTest, ADoneMayBeginAnotherTransfer) {
  origin_.on("/a", original("first, "));
  origin_.on("/b", original("second"));
  const Transfer first(origin_.url("/a"), body_);
  const Transfer second(origin_.url("/b"), body_);
  bool ended = false;
  loop_->add(first.easy(),
             [&](CURLcode) { loop_->add(second.easy(), [&](CURLcode) { ended = true; }); });
  EXPECT_TRUE(runs_until([&] { return ended; }));
  EXPECT_EQ(body_, "first, second");
}

TEST_F(CurlLoopTest, ADoneMayBeginItsOwnTransferAnew) {
  const Transfer wrong(kWrong, body_);
  int ended = 0;
  const CurlLoop::Done done = [&](CURLcode) {
    if (++ended < 5) loop_->add(wrong.easy(), [&](CURLcode code) { done(code); });
  };
  loop_->add(wrong.easy(), done);
  EXPECT_TRUE(runs_until([&] { return ended == 5; }));
}

TEST_F(CurlLoopTest, ADoneMayRemoveATransferThatEndedTogetherWithItsOwn) {
  const Transfer one(kWrong, body_);
  const Transfer other(kWrong, body_);
  int ended = 0;
  const auto remove_both = [&](CURLcode) {
    ++ended;
    loop_->remove(one.easy());
    loop_->remove(other.easy());
  };
  loop_->add(one.easy(), remove_both);
  loop_->add(other.easy(), remove_both);
  ASSERT_TRUE(runs_until([&] { return ended > 0; }));
  context_.run_for(milliseconds(50));
  EXPECT_EQ(ended, 1) << "the other one was removed before it was told";
}

TEST_F(CurlLoopTest, WhatIsUnderWayAtItsEndIsClosedAndNothingIsSaidOfIt) {
  origin_.on("/a", [](RawSocket& connection) { EXPECT_TRUE(connection.ended()); });
  const Transfer silent(origin_.url("/a"), body_);
  bool said = false;
  loop_->add(silent.easy(), [&](CURLcode) { said = true; });
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  loop_.reset();
  EXPECT_TRUE(runs_until([&] { return origin_.open() == 0; }));
  EXPECT_FALSE(said);
}

// Else a context that runs until nothing is left would never end.
TEST_F(CurlLoopTest, AfterItsEndTheContextHasNothingLeftToDo) {
  loop_.reset();
  context_.restart();
  context_.run_for(testing::kShortPatience);
  EXPECT_TRUE(context_.stopped());
}

TEST_F(CurlLoopTest, ATransferMayWaitForATimer) {
  origin_.on("/a", [](RawSocket& connection) { EXPECT_TRUE(connection.ended()); });
  const Transfer silent(origin_.url("/a"), body_);
  curl_easy_setopt(silent.easy(), CURLOPT_TIMEOUT_MS, 100L);
  std::optional<CURLcode> ended;
  loop_->add(silent.easy(), [&](CURLcode code) { ended = code; });
  EXPECT_TRUE(runs_until([&] { return ended.has_value(); }));
  EXPECT_EQ(ended, CURLE_OPERATION_TIMEDOUT);
}

}  // namespace
}  // namespace imageserver
