#include "server/ring_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "peers/wire/settings.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RingSettingsTest : public ::testing::Test {
 protected:
  RingSettingsTest() { options_.sources = {{.value = directory_.path()}}; }

  static std::string settings(const Options& options) {
    IoPool io(1);
    const auto resources = open_resources(options, io);
    EXPECT_TRUE(resources.has_value()) << resources.error().message;
    return ring_settings(options, *resources);
  }

  // What another node has otherwise that was given these options.
  [[nodiscard]] std::vector<std::string> differing(const Options& other) const {
    return differing_settings(settings(options_), settings(other));
  }

  // A node whose watermarks are these files.
  [[nodiscard]] Options with_marks(const std::string& folder, const std::string& name,
                                   const std::string& content) const {
    directory_.write(folder + "/" + name, content);
    Options options = options_;
    options.watermarks = directory_.path() / folder;
    return options;
  }

  const testing::TemporaryDirectory directory_;
  Options options_;
};

TEST_F(RingSettingsTest, WhatIsANodesOwnAffairDoesNotDiffer) {
  const testing::TemporaryDirectory elsewhere;
  Options other = options_;
  other.sources = {{.value = elsewhere.path()}};
  other.workers = 7;
  other.groupcache = 1;
  other.timeout = std::chrono::seconds(1);
  EXPECT_THAT(differing(other), IsEmpty());
}

TEST_F(RingSettingsTest, SourcesDifferWithTheirPrefixesInWhateverOrder) {
  Options other = options_;
  other.sources.push_back({"/photos", directory_.path()});
  EXPECT_THAT(differing(other), ElementsAre("sources"));
  Options turned = other;
  std::ranges::reverse(turned.sources);
  EXPECT_EQ(settings(other), settings(turned));
  Options samples = options_;
  samples.sources.clear();
  EXPECT_THAT(differing(samples), IsEmpty()) << "the sample pictures lie in a directory as well";
}

TEST_F(RingSettingsTest, SourcesDifferWithTheUrlsOfServersHoweverTheyAreWritten) {
  Options one = options_;
  one.sources = {{"/", "https://origin.example/img/"}};
  EXPECT_THAT(differing(one), ElementsAre("sources"));
  Options same = one;
  same.sources.front().value = "https://Origin.EXAMPLE:443/%69mg";
  EXPECT_EQ(settings(one), settings(same));
  Options other = one;
  other.sources.front().value = "https://origin.example/pictures/";
  EXPECT_THAT(differing_settings(settings(one), settings(other)), ElementsAre("sources"));
}

TEST_F(RingSettingsTest, FallbacksDifferWithTheirPathsAndTheStatus) {
  Options other = options_;
  other.fallbacks = {{"/", "/none.png"}};
  EXPECT_THAT(differing(other), ElementsAre("fallbacks"));
  Options status = options_;
  status.fallback_status = 200;
  EXPECT_THAT(differing(status), ElementsAre("fallbacks"));
}

TEST_F(RingSettingsTest, FormatsDifferWithWhatIsAllowedBesides) {
  Options other = options_;
  other.untrusted_formats.svg = true;
  EXPECT_THAT(differing(other), ElementsAre("formats"));
}

TEST_F(RingSettingsTest, LimitsDifferWithTheSizeOfAnAvif) {
  Options other = options_;
  other.avif_auto_max_mp = 3;
  EXPECT_THAT(differing(other), ElementsAre("limits"));
}

TEST_F(RingSettingsTest, LimitsDifferWithTheSizeOfAnOriginalThatIsFetched) {
  Options other = options_;
  other.source_max_bytes = 1'000;
  EXPECT_THAT(differing(other), ElementsAre("limits"));
}

TEST_F(RingSettingsTest, PresetsDifferWithTheirQueriesAndRules) {
  Options one = options_;
  one.presets = directory_.write("one", "small=width=100\n");
  Options same = options_;
  same.presets = directory_.write("same", "# the same\nsmall=width=100\n");
  Options other = options_;
  other.presets = directory_.write("other", "small=width=101\n");
  EXPECT_EQ(settings(one), settings(same));
  EXPECT_THAT(differing_settings(settings(one), settings(other)), ElementsAre("presets"));
  EXPECT_THAT(differing(one), ElementsAre("presets"));
  for (bool Options::* const rule : {&Options::presets_only, &Options::strict_params}) {
    Options strict = one;
    strict.*rule = true;
    EXPECT_THAT(differing_settings(settings(one), settings(strict)), ElementsAre("presets"));
  }
}

TEST_F(RingSettingsTest, WatermarksDifferWithNamesAndSizes) {
  const Options one = with_marks("one", "logo.png", "a logo");
  EXPECT_THAT(differing(one), ElementsAre("watermarks"));
  EXPECT_EQ(settings(one), settings(with_marks("same", "logo.png", "A LOGO")));
  EXPECT_NE(settings(one), settings(with_marks("name", "other.png", "a logo")));
  EXPECT_NE(settings(one), settings(with_marks("size", "logo.png", "a larger logo")));
  EXPECT_NE(settings(one), settings(with_marks("deep", "in/logo.png", "a logo")));
}

TEST_F(RingSettingsTest, WatermarksOfAServerDifferWithItsUrl) {
  Options one = options_;
  one.watermarks = "https://origin.example/marks/";
  EXPECT_THAT(differing(one), ElementsAre("watermarks"));
  Options other = options_;
  other.watermarks = "https://origin.example/others/";
  EXPECT_THAT(differing_settings(settings(one), settings(other)), ElementsAre("watermarks"));
}

}  // namespace
}  // namespace imageserver
