#include "source/prefixed_sources.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/cancelled.h"

namespace imageserver {
namespace {

// Gives its own name and the path that it is asked for.
class NamedSource final : public Source {
 public:
  explicit NamedSource(std::string name) : name_(std::move(name)) {}

  Result<Bytes> get(const std::string& path, const std::stop_token& stop) const override {
    if (stop.stop_requested()) return cancelled();
    return Bytes::own(name_ + ": " + path);
  }

 private:
  const std::string name_;
};

PrefixedSources sources_at(const std::vector<std::string>& prefixes) {
  std::vector<PrefixedSources::Place> places;
  for (const std::string& prefix : prefixes) {
    places.push_back({prefix, std::make_unique<NamedSource>(prefix)});
  }
  return PrefixedSources(std::move(places));
}

std::string asked(const PrefixedSources& sources, const std::string& path) {
  const Result<Bytes> bytes = sources.get(path, {});
  return bytes.has_value() ? std::string(bytes->view()) : bytes.error().message;
}

TEST(PrefixedSourcesTest, TheRootHasEveryPath) {
  const PrefixedSources sources = sources_at({"/"});
  EXPECT_EQ(asked(sources, "a.jpg"), "/: a.jpg");
  EXPECT_EQ(asked(sources, "folder/a.jpg"), "/: folder/a.jpg");
}

TEST(PrefixedSourcesTest, TheLongestPrefixHasThePathInWhateverOrderTheyAreGiven) {
  for (const auto& prefixes : {std::vector<std::string>{"/", "/photos", "/photos/old"},
                               std::vector<std::string>{"/photos/old", "/photos", "/"},
                               std::vector<std::string>{"/photos", "/", "/photos/old"}}) {
    const PrefixedSources sources = sources_at(prefixes);
    EXPECT_EQ(asked(sources, "a.jpg"), "/: a.jpg");
    EXPECT_EQ(asked(sources, "photos/a.jpg"), "/photos: a.jpg");
    EXPECT_EQ(asked(sources, "photos/old/x/a.jpg"), "/photos/old: x/a.jpg");
  }
}

TEST(PrefixedSourcesTest, APrefixIsOneOfWholeSegments) {
  const PrefixedSources sources = sources_at({"/", "/photos"});
  EXPECT_EQ(asked(sources, "photos2/a.jpg"), "/: photos2/a.jpg");
  EXPECT_EQ(asked(sources, "photos.jpg"), "/: photos.jpg");
  EXPECT_EQ(asked(sources, "photos"), "/: photos");
}

TEST(PrefixedSourcesTest, WithoutAPrefixThatFitsThereIsNoSuchPicture) {
  const Result<Bytes> bytes = sources_at({"/photos"}).get("a.jpg", {});
  ASSERT_TRUE(bytes.has_error());
  EXPECT_EQ(bytes.error(), (Error{ErrorKind::kNotFound, "no such picture"}));
}

TEST(PrefixedSourcesTest, AStopReachesThePlace) {
  std::stop_source stop;
  stop.request_stop();
  const Result<Bytes> bytes = sources_at({"/"}).get("a.jpg", stop.get_token());
  ASSERT_TRUE(bytes.has_error());
  EXPECT_EQ(bytes.error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace imageserver
