#include "groupcache/remembering_loader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "support/groups.h"

namespace imageserver {
namespace {

const Error kDeadly{ErrorKind::kDeadly, "died"};

QueryPtr query_of(std::string key) {
  auto query = std::make_shared<Query>();
  query->key = std::move(key);
  return query;
}

RememberingLoader::TimeToLive always(milliseconds time) {
  return [time](const Query&, ErrorKind) { return time; };
}

class RememberingLoaderTest : public ::testing::Test {
 protected:
  RememberingLoaderTest() { inner_.answers_at_once = true; }

  static Result<ImagePtr> load(Loader& loader, const std::string& key) {
    Result<ImagePtr> result = ImagePtr();
    loader.load(query_of(key), {}, [&](Result<ImagePtr> ended) { result = std::move(ended); });
    return result;
  }

  testing::PendingLoader inner_;
};

TEST_F(RememberingLoaderTest, AnErrorThatIsRememberedIsNotTriedAgain) {
  RememberingLoader loader(inner_, always(std::chrono::hours(1)));
  inner_.result = kDeadly;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(load(loader, "a").error(), kDeadly);
  EXPECT_EQ(inner_.loads, 1);
}

TEST_F(RememberingLoaderTest, OtherKeysAreTried) {
  RememberingLoader loader(inner_, always(std::chrono::hours(1)));
  inner_.result = kDeadly;
  EXPECT_TRUE(load(loader, "a").has_error());
  inner_.result = testing::image_of("picture");
  EXPECT_TRUE(load(loader, "b").has_value());
  EXPECT_TRUE(load(loader, "a").has_error());
}

TEST_F(RememberingLoaderTest, QueryAndErrorSayForHowLong) {
  RememberingLoader loader(inner_, [](const Query& query, ErrorKind kind) {
    return milliseconds(query.key == "a" && kind == ErrorKind::kDeadly ? 3'600'000 : 0);
  });
  const auto loads_of = [&](const std::string& key, ErrorKind kind) {
    inner_.loads = 0;
    inner_.result = Error{kind, "why"};
    for (int i = 0; i < 2; ++i) EXPECT_EQ(load(loader, key).error().kind, kind);
    return inner_.loads;
  };
  EXPECT_EQ(loads_of("a", ErrorKind::kBusy), 2);
  EXPECT_EQ(loads_of("b", ErrorKind::kDeadly), 2);
  EXPECT_EQ(loads_of("a", ErrorKind::kDeadly), 1);
}

TEST_F(RememberingLoaderTest, APictureIsNoError) {
  RememberingLoader loader(inner_, always(std::chrono::hours(1)));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(load(loader, "a").has_value());
  EXPECT_EQ(inner_.loads, 2);
}

TEST_F(RememberingLoaderTest, APurgeForgetsTheError) {
  std::uint64_t fence = 0;
  RememberingLoader loader(inner_, always(std::chrono::hours(1)),
                           [&](const Query& query) { return query.key == "a" ? fence : 0; });
  inner_.result = kDeadly;
  EXPECT_EQ(load(loader, "a").error(), kDeadly);
  EXPECT_EQ(load(loader, "b").error(), kDeadly);
  fence = 7;
  inner_.result = testing::image_of("picture");
  EXPECT_TRUE(load(loader, "a").has_value());
  EXPECT_EQ(load(loader, "b").error(), kDeadly) << "the purge does not reach it";
}

TEST_F(RememberingLoaderTest, AnErrorOfALoadThatBeganBeforeAPurgeIsNotRemembered) {
  std::uint64_t fence = 0;
  RememberingLoader loader(inner_, always(std::chrono::hours(1)),
                           [&](const Query& /*query*/) { return fence; });
  inner_.answers_at_once = false;
  loader.load(query_of("a"), {}, [](const auto&) {});
  fence = 7;
  inner_.end(kDeadly);
  inner_.answers_at_once = true;
  EXPECT_TRUE(load(loader, "a").has_value());
}

}  // namespace
}  // namespace imageserver
