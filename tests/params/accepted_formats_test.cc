#include "params/accepted_formats.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "params/parse_target.h"
#include "params/validate.h"

namespace imageserver {
namespace {

Params automatic() { return parse_target("/a.jpg?format=auto").value(); }

// The class that a client with this header is in.
std::string class_of(std::string_view accept) {
  const Params params = with_accepted(automatic(), accepted_formats(accept));
  return std::get<std::string>(*params.find("accept"));
}

TEST(Accept, BrowsersFallIntoAFewClasses) {
  EXPECT_EQ(class_of("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"),
            "avif,webp");
  EXPECT_EQ(class_of("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
            "avif,webp");
  EXPECT_EQ(class_of("image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5"),
            "webp");
  EXPECT_EQ(class_of("image/webp,*/*"), "webp");
  EXPECT_EQ(class_of("image/avif,*/*"), "avif");
}

TEST(Accept, WildcardsAloneSayNothingOfNewerFormats) {
  for (const char* accept :
       {"", "*/*", "image/*", "image/*,*/*;q=0.1", "text/html", "image/jpeg"}) {
    EXPECT_EQ(class_of(accept), "none") << accept;
  }
}

TEST(Accept, OfTwoFormatsTheOneOfHigherQComesFirst) {
  EXPECT_EQ(class_of("image/webp;q=0.9,image/avif;q=0.8"), "webp,avif");
  EXPECT_EQ(class_of("image/webp;q=0.8,image/avif;q=0.9"), "avif,webp");
  EXPECT_EQ(class_of("image/webp;q=0.8,image/avif;q=0.8"), "avif,webp");
  EXPECT_EQ(class_of("image/webp,image/avif;q=0.999"), "webp,avif");
}

TEST(Accept, AFormatThatIsWantedLessThanJpegIsNotTaken) {
  EXPECT_EQ(class_of("image/webp;q=0.5,image/jpeg"), "none");
  EXPECT_EQ(class_of("image/webp;q=0.5,image/*;q=0.8"), "none");
  EXPECT_EQ(class_of("image/webp;q=0.5,*/*;q=0.8"), "none");
  EXPECT_EQ(class_of("image/webp;q=0.5,*/*;q=0.8,image/*;q=0.4"), "webp")
      << "the closest range counts";
  EXPECT_EQ(class_of("image/webp;q=0.5,image/*;q=0.8,image/jpeg;q=0.5"), "webp");
  EXPECT_EQ(class_of("image/avif;q=0.3,image/webp;q=0.6,image/jpeg;q=0.5"), "webp");
  EXPECT_EQ(class_of("image/webp;q=0.001"), "webp") << "JPEG is not taken at all";
}

TEST(Accept, AFormatOfNoQualityIsNotTaken) {
  EXPECT_EQ(class_of("image/webp;q=0"), "none");
  EXPECT_EQ(class_of("image/webp;q=0.000,image/avif"), "avif");
  EXPECT_EQ(class_of("image/webp;q=0,image/jpeg;q=0"), "none");
}

TEST(Accept, SpacesCaseAndOtherParametersDoNotMatter) {
  EXPECT_EQ(class_of(" IMAGE/WebP ; Q=0.7 ,\timage/avif\t;q=0.8"), "avif,webp");
  EXPECT_EQ(class_of("image/webp;level=1;q=0.5;ext=2,image/jpeg;q=0.6"), "none");
  EXPECT_EQ(class_of("image/webp;level=1"), "webp");
}

TEST(Accept, WhatCannotBeReadIsPassedOver) {
  for (const char* q : {"2", "1.001", "0.5555", "-1", ".5", "a", "", "0,5", "1e0", "0.5 "}) {
    const std::string range = std::string("image/webp;q=") + q;
    EXPECT_EQ(class_of(range + "x"), "none") << range;
  }
  EXPECT_EQ(class_of("image/webp;q=2,image/avif"), "avif");
  EXPECT_EQ(class_of(",,;,;;q=,image,/,image/,webp,image/avif"), "avif");
  EXPECT_EQ(class_of("image/webp;q=1.000"), "webp");
  EXPECT_EQ(class_of("image/webp;q=1."), "webp");
}

TEST(Accept, OfATypeNamedTwiceTheFirstCounts) {
  EXPECT_EQ(class_of("image/webp;q=0,image/webp"), "none");
  EXPECT_EQ(class_of("image/webp,image/webp;q=0"), "webp");
}

TEST(Accept, AskingForAutoIsSeenInTheMap) {
  EXPECT_TRUE(asks_for_auto_format(automatic()));
  EXPECT_FALSE(asks_for_auto_format(parse_target("/auto?format=jpeg&quality=auto").value()));
  EXPECT_FALSE(asks_for_auto_format(parse_target("/a").value()));
  Params other;
  other.insert("format", std::int64_t{1});
  EXPECT_FALSE(asks_for_auto_format(other));
}

TEST(Accept, TheClassIsPartOfTheKeyAndOfTheSpec) {
  const Params params = automatic();
  for (const Choice<AutoFormat>& known : kAcceptClasses) {
    const Params with = with_accepted(params, known.value);
    EXPECT_EQ(with.text(), "map[accept:" + std::string(known.name) + " format:auto source:a.jpg]");
    EXPECT_EQ(validate(with)->auto_format, known.value);
  }
  EXPECT_EQ(params, automatic());
}

TEST(Accept, OfFewerThanTwoFormatsNoneComesFirst) {
  EXPECT_EQ(with_accepted(automatic(), {.webp = true, .webp_first = true}),
            with_accepted(automatic(), {.webp = true}));
  EXPECT_EQ(with_accepted(automatic(), {.webp_first = true}), with_accepted(automatic(), {}));
}

}  // namespace
}  // namespace imageserver
