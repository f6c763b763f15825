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
  std::vector<PrefixedSources::Places::Entry> places;
  for (const std::string& prefix : prefixes) {
    places.emplace_back(prefix, std::make_unique<NamedSource>(prefix));
  }
  return PrefixedSources(PrefixedSources::Places(std::move(places)));
}

std::string asked(const PrefixedSources& sources, const std::string& path) {
  const Result<Bytes> bytes = sources.get(path, {});
  return bytes.has_value() ? std::string(bytes->view()) : bytes.error().message;
}

TEST(PrefixedSourcesTest, APlaceIsAskedForWhatStandsBehindItsPrefix) {
  const PrefixedSources sources = sources_at({"/", "/photos"});
  EXPECT_EQ(asked(sources, "folder/a.jpg"), "/: folder/a.jpg");
  EXPECT_EQ(asked(sources, "photos/old/a.jpg"), "/photos: old/a.jpg");
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
